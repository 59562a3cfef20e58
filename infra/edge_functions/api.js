// The API stands below /api on the site's own origin; the firewall behind counts by the address that is written here,
// over whatever a client may have sent under that name.
function handler(event) {
  var request = event.request;
  request.uri = request.uri.replace(/^\/api(?=\/|$)/, "") || "/";
  request.headers["x-viewer-ip"] = { value: event.viewer.ip };
  return request;
}
