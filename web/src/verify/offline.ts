import { signal } from "@preact/signals";
import { languages } from "../shared/language.ts";

const WORKER = "/verify-worker.js";
/** The content security policy names it; it is for service workers alone. */
const POLICY = "ryoji-worker";

/** Whether the page can be opened without a network. */
export const offline = signal<"ready" | "not_ready">("not_ready");

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Keeps the page for the time without a network: under each of its addresses, and nothing else of the site. */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const script = trusted(WORKER);
    const scopes = ["/verify", ...languages.map(({ code }) => `/${code}/verify`)];
    const registered: ServiceWorkerRegistration[] = [];
    // One after the other: the first fetches the files, the others find them.
    for (const scope of scopes) {
      const registration = await navigator.serviceWorker.register(script, { scope });
      await untilActive(registration);
      registered.push(registration);
    }
    offline.value = "ready";
    await Promise.all(registered.map((registration) => registration.update()));
  } catch {
    // Offline, the workers that are there go on; where none is allowed, the page says that it needs its network.
    if (navigator.serviceWorker.controller) offline.value = "ready";
  }
}

function untilActive(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return Promise.resolve();
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the worker was not installed"));
    });
  });
}

/** The content security policy admits a script's address only through a policy; this one admits the worker alone. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const allowed = (asked: string) => {
    if (asked !== WORKER) throw new TypeError("not a script of this page");
    return asked;
  };
  return trustedTypes ? trustedTypes.createPolicy(POLICY, { createScriptURL: allowed }).createScriptURL(url) : allowed(url);
}
