/*
 * Opens the page of a permission without a network. It answers for that page and its files only, from what the page
 * itself has put by (web/src/portal/wallet/offline.ts), and touches no call to the API: those carry somebody's token.
 */
const PAGES = "ryoji-permission-pages";
const PERMISSION = /^\/[A-Za-z-]+\/cases\/[^/]+\/permission$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PERMISSION.test(pathname)) event.respondWith(networkOr(request, "/index.html"));
    return;
  }
  if (pathname === "/settings.json") event.respondWith(networkOr(request, pathname));
  if (pathname.startsWith("/assets/") || pathname === "/mark.svg") event.respondWith(keptOr(request, pathname));
});

/* A network that stands still is as good as none: whoever shows the page at a desk has no minute. */
const PATIENCE_MILLISECONDS = 4000;

async function networkOr(request, path) {
  const kept = await (await caches.open(PAGES)).match(path);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS, kept));
  return Promise.race([fetch(request).catch(() => kept), late]);
}

/* The names of assets carry a hash of their content: what was put by is never out of date. */
async function keptOr(request, path) {
  const kept = await (await caches.open(PAGES)).match(path);
  return kept ?? fetch(request);
}
