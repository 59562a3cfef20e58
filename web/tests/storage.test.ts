// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { keepingIn } from "../src/shared/storage.ts";

afterEach(() => vi.unstubAllGlobals());

describe("storage", () => {
  it("is the browser's", () => {
    sessionStorage.clear();
    keepingIn("sessionStorage").set("a", "1");
    expect(sessionStorage.getItem("a")).toBe("1");
    expect(keepingIn("sessionStorage").keys()).toEqual(["a"]);
  });

  it.each([
    ["forbids it", () => { throw new DOMException("", "SecurityError"); }],
    ["is full", () => ({ getItem: () => null, removeItem: () => undefined, setItem: () => { throw new DOMException("", "QuotaExceededError"); } })],
  ])("is memory where the browser %s", (_why, get) => {
    vi.stubGlobal("sessionStorage", undefined);
    Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get });
    const kept = keepingIn("sessionStorage");
    kept.set("a", "1");
    expect(kept.get("a")).toBe("1");
    kept.remove("a");
    expect(kept.get("a")).toBeNull();
  });
});
