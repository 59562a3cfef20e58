/** The service worker of the verification page: keeps its files, and answers with them. web/build/offline.ts fills in the two values. */

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Extendable {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

export interface Scope {
  location: Location;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", listen: (event: Extendable) => void): void;
  addEventListener(kind: "fetch", listen: (event: Asked) => void): void;
}

const scope = globalThis as unknown as Scope;
const PREFIX = "ryoji-verify-";
const NAME = `${PREFIX}${"__RYOJI_VERSION__"}`;
const FILES = "__RYOJI_FILES__" as unknown as string[];
const PAGE = "/verify.html";
const SETTINGS = "/settings.json";

scope.addEventListener("install", (event) => event.waitUntil(keepFiles().then(() => scope.skipWaiting())));
scope.addEventListener("activate", (event) => event.waitUntil(dropOldFiles().then(() => scope.clients.claim())));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (request.mode === "navigate") event.respondWith(keptOr(PAGE, request));
  else if (FILES.includes(url.pathname)) event.respondWith(keptOr(url.pathname, request));
  else if (url.pathname === SETTINGS) event.respondWith(fetchedOrKept(request));
});

/** The same worker serves several addresses: whichever is installed first fetches the files for all. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(NAME);
  if (await cache.match(FILES.at(-1) ?? PAGE)) return;
  await cache.addAll([...FILES, SETTINGS].map((file) => new Request(file, { cache: "reload" })));
}

async function dropOldFiles(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
}

async function keptOr(file: string, request: Request): Promise<Response> {
  return (await caches.match(file)) ?? fetch(request);
}

async function fetchedOrKept(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(SETTINGS)) ?? Response.error();
  }
}
