/** What makes the wallet's page open without a network: its worker, and a copy of the files that it is made of. */

import { loadEveryLanguage } from "../../shared/texts.ts";

const WORKER = "/permission-worker.js";
const PAGES = "ryoji-permission-pages";
const POLICY = "ryoji-worker";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** Only our own worker becomes a script's address under the site's content security policy. */
function addressOfWorker(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy(POLICY, {
    createScriptURL(url) {
      if (url !== WORKER) throw new TypeError("not the permission's worker");
      return url;
    },
  });
  return (policy?.createScriptURL(WORKER) ?? WORKER) as string;
}

let policy: { createScriptURL(url: string): unknown } | undefined;

/** Puts by this page's files as they are now, and starts the worker. A browser without one shows the page online only. */
export async function keepPageForOffline(): Promise<void> {
  if (!("serviceWorker" in navigator) || !("caches" in globalThis)) return;
  await navigator.serviceWorker.register(addressOfWorker(), { scope: "/" });
  // Who is shown the page may read another language than its holder.
  await loadEveryLanguage();
  const files = loadedFiles();
  const answers = await Promise.all(["/index.html", "/settings.json", ...files].map(async (path) => [path, await fetchFile(path)] as const));
  const page = answers[0]?.[1];
  // A page of another version than the files of this one, or half of them, would not open: then what was put by stays.
  if (!page || answers.some(([, answer]) => !answer.ok) || !isMadeOf(await page.clone().text(), files)) return;
  const pages = await caches.open(PAGES);
  await Promise.all(answers.map(([path, answer]) => pages.put(path, answer)));
  // Files of an earlier version of the site are of no use to the page of this one.
  const wanted = new Set(answers.map(([path]) => path));
  const held = (await pages.keys()).map(({ url }) => new URL(url, window.location.href).pathname);
  await Promise.all(held.filter((path) => !wanted.has(path)).map((path) => pages.delete(path)));
}

function fetchFile(path: string): Promise<Response> {
  return fetch(path, { cache: path.startsWith("/assets/") ? "force-cache" : "no-cache" });
}

/** Whether the page's scripts are among these files. Parsing it as a document would be a sink of Trusted Types. */
function isMadeOf(page: string, files: string[]): boolean {
  const scripts = [...page.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)].map(([, src = ""]) => new URL(src, window.location.href).pathname);
  return scripts.length > 0 && scripts.every((script) => files.includes(script));
}

function loadedFiles(): string[] {
  const named = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const linked = [...document.querySelectorAll<HTMLElement>("script[src], link[href]")].map((each) => new URL(each.getAttribute("src") ?? each.getAttribute("href") ?? "", window.location.href));
  const ours = [...named, ...linked].filter(({ origin, pathname }) => origin === window.location.origin && (pathname.startsWith("/assets/") || pathname === "/mark.svg"));
  return [...new Set(ours.map(({ pathname }) => pathname))];
}
