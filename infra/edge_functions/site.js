// Pages are drawn in the browser: every address of the portal is index.html, every one of the console is console.html.
function handler(event) {
  var request = event.request;
  var path = request.uri;
  if (path === "/console" || path.indexOf("/console/") === 0) {
    request.uri = "/console.html";
  } else if (path.slice(path.lastIndexOf("/")).indexOf(".") === -1) {
    request.uri = "/index.html";
  }
  return request;
}
