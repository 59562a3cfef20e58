import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";

const SOURCE = readFileSync(join(import.meta.dirname, "../public/permission-worker.js"), "utf8");
const ORIGIN = "https://ryoji.example";
type Fetching = { request: { method: string; mode: string; url: string }; respondWith: (answer: Promise<Response>) => void };

/** The worker with a network and with what the page has put by; gives what it answers, or null where it leaves a call alone. */
function worker(fetch: () => Promise<Response>, kept: Record<string, string>) {
  const listeners: Record<string, (event: Fetching) => void> = {};
  const self = { addEventListener: (name: string, listener: (event: Fetching) => void) => (listeners[name] = listener), location: { origin: ORIGIN } };
  const caches = { open: async () => ({ match: async (path: string) => (path in kept ? new Response(kept[path]) : undefined) }) };
  // eslint-disable-next-line no-new-func -- a worker's file is a script and no module
  new Function("self", "caches", "fetch", SOURCE)(self, caches, fetch);
  return (path: string, mode = "navigate", method = "GET"): Promise<string> | null => {
    let answer: Promise<Response> | null = null;
    listeners["fetch"]?.({ request: { method, mode, url: ORIGIN + path }, respondWith: (given) => (answer = given) });
    return answer && (answer as Promise<Response>).then((given) => given.text());
  };
}

const PAGE = "/id/cases/abc/permission";
const silent = () => new Promise<Response>(() => undefined);

afterEach(() => void vi.useRealTimers());

describe("the worker of a kept permission", () => {
  it("shows the network's page, and the kept one without a network", async () => {
    const kept = { "/index.html": "kept" };
    expect(await worker(async () => new Response("new"), kept)(PAGE)).toBe("new");
    expect(await worker(() => Promise.reject(new TypeError("no network")), kept)(PAGE)).toBe("kept");
  });

  it("waits for a network that stands still no longer than who shows the page can", async () => {
    vi.useFakeTimers();
    const answer = worker(silent, { "/index.html": "kept" })(PAGE);
    await vi.advanceTimersByTimeAsync(4000);
    expect(await answer).toBe("kept");
  });

  it("has nothing to show in place of a page that was never put by", async () => {
    await expect(worker(() => Promise.reject(new TypeError("no network")), {})(PAGE)).rejects.toThrow("no network");
  });

  it("touches no other page, and no call to the API", () => {
    const answered = worker(silent, { "/index.html": "kept" });
    expect([answered("/id/cases/abc"), answered("/api/cases/abc/permission", "cors"), answered(PAGE, "navigate", "POST")]).toEqual([null, null, null]);
  });
});
