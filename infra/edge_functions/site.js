// Pages are drawn in the browser: every address of the portal is index.html, every one of the console is console.html,
// and the verification page, which works without the rest, has its own.
function handler(event) {
  var request = event.request;
  var path = request.uri;
  if (path === "/console" || path.indexOf("/console/") === 0) {
    request.uri = "/console.html";
  } else if (/^(\/[A-Za-z]+(-[A-Za-z]+)?)?\/verify\/?$/.test(path)) {
    request.uri = "/verify.html";
  } else if (path.slice(path.lastIndexOf("/")).indexOf(".") === -1) {
    request.uri = "/index.html";
  }
  return request;
}
