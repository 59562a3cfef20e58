// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as session from "./session.ts";

const pool = { url: "https://pool.example/", clientId: "desk" };
const tokens = { access: "a", refresh: "r", lifetime: 600 };

function answers(...bodies: { status?: number; body: unknown }[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, request: RequestInit) => {
    asked.push((request.headers as Record<string, string>)["X-Amz-Target"]?.split(".")[1] ?? "");
    const next = bodies.shift();
    if (!next) throw new TypeError("no network");
    return new Response(JSON.stringify(next.body), { status: next.status ?? 200 });
  });
  return asked;
}
const renewed = { body: { AuthenticationResult: { AccessToken: "b", ExpiresIn: 600 } } };
const ended = { status: 400, body: { __type: "NotAuthorizedException" } };

describe("the officer's session", () => {
  beforeEach(async () => {
    vi.useFakeTimers();
    sessionStorage.clear();
    answers();
    await session.resumeSession(pool);
    session.open("sato", tokens);
  });
  afterEach(async () => {
    await session.signOut("chosen");
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("keeps the access token out of storage", () => {
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('"a"');
  });

  it("is renewed before it ends, once for all who ask", async () => {
    const asked = answers(renewed, renewed);
    await vi.advanceTimersByTimeAsync(540_000);
    expect(await session.accessToken()).toBe("b");
    await Promise.all([session.renewSession(), session.renewSession()]);
    expect(asked).toHaveLength(2);
  });

  it("outlives a network that fails, and ends when the pool says so", async () => {
    answers();
    expect(await session.renewSession()).toBe(false);
    expect(session.isSignedIn()).toBe(true);
    answers(ended);
    expect(await session.renewSession()).toBe(false);
    expect([session.isSignedIn(), session.signedOutBecause.value]).toEqual([false, "expired"]);
  });

  it("is taken up after a reload", async () => {
    answers(renewed);
    await session.resumeSession(pool);
    expect([session.signedInAs(), await session.accessToken()]).toEqual(["sato", "b"]);
  });

  it("leaves what was typed unless the officer chose to go", async () => {
    sessionStorage.setItem(session.draftKey("c1.proposal"), "{}");
    answers({ body: {} });
    await session.signOut("idle");
    expect(sessionStorage).toHaveLength(1);
    await session.signOut("chosen");
    expect(sessionStorage).toHaveLength(0);
  });
});
