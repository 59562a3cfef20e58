import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../src/shared/api.ts";
import type { Wallet } from "../src/shared/contract.ts";
import { keepPageForOffline } from "../src/portal/wallet/offline.ts";
import { WalletPage } from "../src/portal/wallet/wallet.tsx";
import { endSession, openSession } from "../src/portal/session/session.ts";
import { ageOf, isLive, ministryTime, secondsLeft } from "../src/portal/wallet/live.ts";
import { formatClock, formatMoment } from "../src/shared/format.ts";
import { buttonOf, draw, leave, press, settle } from "./at-the-portal.tsx";

const WALLET: Wallet = {
  number: "V1", kind: "visa", status: "active", valid_from: "2026-12-01", valid_until: "2027-03-01", entries: "single", stay_days: 15, programme: "tourism",
  document: { issuing_state: "CHN", number: "EB1" }, name: "LI NA", seal: "", code: ["1"], as_of: "2026-11-27T00:00:00Z",
};

/** What the browser keeps: by cache, and in it by path. */
const kept = new Map<string, Map<string, string>>();
const store = {
  open: async (name: string) => {
    const held = kept.get(name) ?? new Map<string, string>();
    kept.set(name, held);
    return {
      match: async (path: string) => (held.has(path) ? new Response(held.get(path)) : undefined),
      put: async (path: string, answer: Response) => void held.set(path, await answer.text()),
      delete: async (path: string) => held.delete(path),
      keys: async () => [...held.keys()].map((path) => ({ url: `http://localhost${path}` })),
    };
  },
};

let ministry: () => Promise<Wallet>;
vi.mock("../src/portal/connection.ts", () => ({ api: async () => ({ get: () => ministry() }) }));

beforeEach(() => {
  kept.clear();
  kept.set("ryoji-permissions", new Map([["/kept/permissions/1", JSON.stringify(WALLET)]]));
  vi.stubGlobal("caches", store);
  openSession({ access: "a", email: "li@example.cn", expiresAt: Date.now() / 1000 + 3600 });
});

afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

describe("a kept permission", () => {
  it("does not say that its status is not known while the ministry is asked, but after a while does", async () => {
    ministry = () => new Promise(() => undefined);
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.textContent).toContain("LI NA"));
    expect(place.textContent).not.toContain("not known");
    await settle(2100);
    expect(place.textContent).toContain("not known");
  });

  it("turns without a reload when the permission is taken away, and asks nobody while it is not seen", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    let asked = 0;
    let status: Wallet["status"] = "active";
    ministry = async () => ({ ...WALLET, status: (asked++, status) });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.querySelector("[data-tone=green]")).toBeTruthy());
    status = "revoked";
    const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const before = asked;
    vi.advanceTimersByTime(60_000);
    await settle(0);
    expect(asked).toBe(before);
    seen.mockReturnValue("visible");
    vi.advanceTimersByTime(20_000);
    await vi.waitFor(() => expect(place.querySelector(".ryoji-standing [data-tone=red]")).toBeTruthy());
    seen.mockRestore();
    vi.useRealTimers();
  });

  it("says of when the status is, also after it was asked for again, and announces the status alone", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    let asOf = "2026-11-27T00:00:00Z";
    ministry = async () => ({ ...WALLET, as_of: asOf });
    const place = await draw(<WalletPage id="1" />);
    const said = () => place.querySelector(".ryoji-standing")?.textContent ?? "";
    await vi.waitFor(() => expect(said()).toContain(formatMoment(asOf)));
    asOf = "2026-11-27T09:41:00Z";
    vi.advanceTimersByTime(20_000);
    await vi.waitFor(() => expect(said()).toContain(formatMoment(asOf)));
    expect(place.querySelector("[role=status]")?.textContent).toBe("Valid");
    vi.useRealTimers();
  });

  it("asks at once when it is seen again, and fetches the page's own files no second time", async () => {
    let asked = 0;
    const registered = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { onLine: true, serviceWorker: { register: registered } });
    vi.stubGlobal("fetch", async (path: string) => new Response(path));
    ministry = async () => ({ ...WALLET, status: asked++ ? "revoked" : "active" });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.querySelector("[data-tone=green]")).toBeTruthy());
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(place.querySelector(".ryoji-standing [data-tone=red]")).toBeTruthy());
    await settle();
    expect(registered).toHaveBeenCalledOnce();
  });

  it("stays removed from the device while its page asks anew", async () => {
    let asked = 0;
    ministry = async () => (asked++, WALLET);
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(buttonOf(place, "Save as PDF")).toBeTruthy());
    await press(place, "Remove from this device");
    const before = asked;
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(asked).toBeGreaterThan(before));
    await settle();
    expect(kept.get("ryoji-permissions")?.size).toBe(0);
    expect(place.textContent).toContain("Removed from this device");
  });

  it("says so at once when nobody can be asked", async () => {
    ministry = () => Promise.reject(new Unreachable("offline"));
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.textContent).toContain("not known"));
    expect(buttonOf(place, "Ask for the status now")).toBeTruthy();
  });

  it("is live also where the device keeps nothing", async () => {
    ministry = async () => WALLET;
    vi.stubGlobal("caches", { open: () => Promise.reject(new DOMException("", "SecurityError")) });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.textContent).toContain("Save as PDF"));
    await settle();
    expect(place.textContent).not.toContain("not known");
  });

  describe("that the device could not keep", () => {
    beforeEach(() => void vi.stubGlobal("caches", { open: () => Promise.reject(new DOMException("", "SecurityError")) }));

    const shownThen = async (reason: Error, event: "visibilitychange" | "offline") => {
      ministry = async () => WALLET;
      const place = await draw(<WalletPage id="1" />);
      await vi.waitFor(() => expect(place.querySelector("[data-tone=green]")).toBeTruthy());
      ministry = async () => {
        throw reason;
      };
      (event === "offline" ? window : document).dispatchEvent(new Event(event));
      return place;
    };

    it.each([
      ["a look that nobody asked for", new Unreachable("offline"), "visibilitychange"],
      ["a look that nobody asked for, of a server in trouble", new Problem(503, "unavailable", "", "", "", "", []), "visibilitychange"],
      ["the network's going", new Unreachable("offline"), "offline"],
    ] as const)("stays with its code after %s, and its status is not known", async (_, error, event) => {
      const place = await shownThen(error, event);
      await vi.waitFor(() => expect(place.textContent).toContain("Not live: the status now is not known"));
      expect(place.querySelector("svg.ryoji-code")).toBeTruthy();
      expect(buttonOf(place, "Ask for the status now").disabled).toBe(false);
    });

    it.each([403, 404])("goes when the ministry answers %d", async (status) => {
      const place = await shownThen(new Problem(status, "not_found", "There is none", "", "", "", []), "visibilitychange");
      await vi.waitFor(() => expect(place.querySelector("svg.ryoji-code")).toBeNull());
    });
  });

  it("offers who is signed out the sign-in, and no button that does nothing", async () => {
    endSession();
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.textContent).toContain("Sign in to ask"));
    expect(() => buttonOf(place, "Ask for the status now")).toThrow();
  });
});

describe("a live status", () => {
  /** This device's clock is two hours wrong. */
  const HERE = new Date("2026-11-27T11:41:05Z");
  const AS_OF = "2026-11-27T09:41:05Z";
  const running = (place: Element) => place.querySelector("[role=timer]");
  const clockOf = (place: Element) => running(place)?.querySelector("bdi")?.textContent ?? "";
  const leftOf = (place: Element) => Number(/in (\d+) second/.exec(running(place)?.textContent ?? "")?.[1] ?? NaN);
  const pass = (seconds: number) => act(() => void vi.advanceTimersByTime(seconds * 1000));

  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: HERE }));
  afterEach(() => void vi.useRealTimers());

  it("has the ministry's clock, which runs, and says when it is asked again", async () => {
    ministry = async () => ({ ...WALLET, as_of: AS_OF });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(running(place)).toBeTruthy());
    const [clock, left] = [clockOf(place), leftOf(place)];
    expect([0, 1, 2].map((seconds) => formatClock(Date.parse(AS_OF) + seconds * 1000))).toContain(clock);
    expect(left).toBeGreaterThan(15);
    pass(4);
    expect(clockOf(place)).not.toBe(clock);
    expect(leftOf(place)).toBe(left - 4);
    expect(place.textContent).toContain("A screenshot, a PDF or a print does not.");
  });

  it("counts without a word to who hears the page, and without anything that moves", async () => {
    ministry = async () => ({ ...WALLET, as_of: AS_OF });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(running(place)).toBeTruthy());
    expect(running(place)?.getAttribute("aria-live")).toBe("off");
    expect(running(place)?.closest("[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]")).toBeNull();
    const said = [...place.querySelectorAll("[role=status], [role=alert]")].map((each) => each.textContent);
    pass(5);
    expect([...place.querySelectorAll("[role=status], [role=alert]")].map((each) => each.textContent)).toEqual(said);
  });

  it("is asked again when the count is over, and the count begins anew", async () => {
    let asked = 0;
    ministry = async () => ({ ...WALLET, as_of: new Date(Date.parse(AS_OF) + asked++ * 20_000).toISOString() });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(leftOf(place)).toBeGreaterThan(0));
    const before = asked;
    pass(20);
    await vi.waitFor(() => expect(asked).toBe(before + 1));
    await vi.waitFor(() => expect(leftOf(place)).toBeGreaterThan(15));
  });

  it("is none any more when nobody has answered for a while", async () => {
    ministry = async () => ({ ...WALLET, as_of: AS_OF });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.querySelector("[data-tone=green]")).toBeTruthy());
    ministry = () => new Promise(() => undefined);
    pass(22);
    expect(running(place)?.textContent).toContain("Asking for the status now.");
    pass(10);
    expect([place.querySelector("[data-tone=green]"), running(place)]).toEqual([null, null]);
    await settle(2100);
    expect(place.textContent).toContain("Not live: the status now is not known");
  });

  it("is said to be none without a network", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.textContent).toContain("Not live: the status now is not known"));
    expect(running(place)).toBeNull();
  });

  it("is reckoned from the answer, whatever this device's clock says", () => {
    const heard = HERE.getTime();
    expect(ministryTime(AS_OF, heard, heard + 7000)).toBe(Date.parse(AS_OF) + 7000);
    expect([0, 1, 19_001, 20_000, 25_000].map((after) => secondsLeft(heard, heard + after))).toEqual([20, 20, 1, 0, 0]);
    // The last second that was counted is older than the answer.
    expect([ageOf(heard, heard - 400), secondsLeft(heard, heard - 400)]).toEqual([0, 20]);
    expect([29_999, 30_000].map((after) => isLive(heard, heard + after))).toEqual([true, false]);
  });
});

describe("the page to print", () => {
  it.each(["revoked", "cancelled", "used", "expired", "replaced"] as const)("is not offered of what is %s", async (status) => {
    ministry = async () => ({ ...WALLET, status });
    const place = await draw(<WalletPage id="1" />);
    await vi.waitFor(() => expect(place.querySelector("[role=timer]")).toBeTruthy());
    expect(() => buttonOf(place, "Save as PDF")).toThrow();
  });
});

describe("the page for a device without a network", () => {
  const page = (script: string) => `<!doctype html><script type="module" crossorigin src="/assets/${script}"></script>`;
  let served = "";

  beforeEach(() => {
    vi.stubGlobal("navigator", { onLine: true, serviceWorker: { register: async () => undefined } });
    vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ name: `${window.location.origin}/assets/index-old.js` } as PerformanceEntry]);
    vi.stubGlobal("fetch", async (path: string) => new Response(path === "/index.html" ? served : path));
    kept.set("ryoji-permission-pages", new Map([["/index.html", "before"], ["/assets/index-before.js", "before"]]));
  });

  afterEach(() => vi.restoreAllMocks());

  it("is put by whole", async () => {
    served = page("index-old.js");
    await keepPageForOffline();
    expect([...(kept.get("ryoji-permission-pages")?.keys() ?? [])].toSorted()).toEqual(["/assets/index-old.js", "/index.html", "/settings.json"]);
  });

  it("stays as it was when the site has another version by now", async () => {
    served = page("index-new.js");
    await keepPageForOffline();
    expect([...(kept.get("ryoji-permission-pages") ?? [])]).toEqual([["/index.html", "before"], ["/assets/index-before.js", "before"]]);
  });
});
