import { describe, expect, it, vi } from "vitest";
import { createApi, Problem, Unreachable } from "../src/shared/api.ts";

type Answer = { status: number; body?: unknown } | Error;

/** An API whose server gives these answers in this order, and what it was sent. */
function apiWith(...answers: Answer[]) {
  const sent: { url: string; init: RequestInit; headers: Record<string, string> }[] = [];
  let keys = 0;
  const renew = vi.fn(async () => true);
  const api = createApi({
    base: "/api",
    language: () => "en",
    token: async () => "token",
    renew,
    newKey: () => `key-${(keys += 1)}`,
    pause: async () => undefined,
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init, headers: init.headers as Record<string, string> });
      const answer = answers.shift() ?? { status: 200, body: {} };
      if (answer instanceof Error) throw answer;
      return new Response(answer.status === 204 ? null : JSON.stringify(answer.body ?? {}), { status: answer.status });
    },
  });
  return { api, sent, renew };
}

const offline = () => new TypeError("fetch failed");

describe("a call", () => {
  it("says who, in which language, and for a command which", async () => {
    const { api, sent } = apiWith({ status: 200, body: { ok: 1 } }, { status: 200 });
    expect(await api.post("/cases", { procedure: "p" })).toEqual({ ok: 1 });
    await api.get("/cases");
    expect(sent[0]?.headers).toMatchObject({ Authorization: "Bearer token", "Accept-Language": "en", "Idempotency-Key": "key-1" });
    expect(sent[1]?.headers["Idempotency-Key"]).toBeUndefined();
  });

  it("without an account carries no token", async () => {
    const { api, sent } = apiWith({ status: 200 });
    await api.get("/procedures", { anonymous: true });
    expect(sent[0]?.headers["Authorization"]).toBeUndefined();
  });

  it("turns a problem body into a Problem with its fields", async () => {
    const errors = [{ pointer: "/email", code: "email_form", detail: "…" }];
    const { api } = apiWith({ status: 422, body: { code: "validation_failed", title: "T", detail: "D", mend: "M", reference: "r", errors } });
    const error = await api.put("/x", {}).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ status: 422, code: "validation_failed", title: "T", mend: "M", errors });
  });

  it("gives a gateway's bare answer a code", async () => {
    const { api } = apiWith({ status: 404, body: { message: "Missing Authentication Token" } });
    await expect(api.get("/x")).rejects.toMatchObject({ status: 404, code: "not_found" });
  });
});

describe("when the outcome is not known", () => {
  it("tries again with the same key", async () => {
    const { api, sent } = apiWith(offline(), { status: 503 }, { status: 200 });
    await api.post("/pay", { a: 1 });
    expect(sent.map(({ headers }) => headers["Idempotency-Key"])).toEqual(["key-1", "key-1", "key-1"]);
  });

  it("keeps the key for the person's own next try", async () => {
    const { api, sent } = apiWith(offline(), offline(), offline(), { status: 200 });
    await expect(api.post("/pay", { a: 1 })).rejects.toBeInstanceOf(Unreachable);
    await api.post("/pay", { a: 1 });
    expect(new Set(sent.map(({ headers }) => headers["Idempotency-Key"]))).toEqual(new Set(["key-1"]));
  });

  it("takes a new key once an answer came", async () => {
    const { api, sent } = apiWith({ status: 422, body: { code: "validation_failed" } }, { status: 200 });
    await api.post("/x", {}).catch(() => undefined);
    await api.post("/x", {});
    expect(sent.map(({ headers }) => headers["Idempotency-Key"])).toEqual(["key-1", "key-2"]);
  });

  it("tells two commands of the same content apart by the keys that the page gives, at once and one after another", async () => {
    const { api, sent } = apiWith(offline(), offline(), offline(), offline(), offline(), offline());
    const body = { procedure: "visa-tourism", group: "g" };
    const both = [api.post("/cases", body, { key: "father-1" }), api.post("/cases", body, { key: "daughter-1" })];
    await Promise.allSettled(both);
    expect(new Set(sent.map(({ headers }) => headers["Idempotency-Key"]))).toEqual(new Set(["father-1", "daughter-1"]));
    await api.post("/cases", body, { key: "daughter-1" });
    expect(sent.at(-1)?.headers["Idempotency-Key"]).toBe("daughter-1");
    await api.post("/cases", body);
    expect(sent.at(-1)?.headers["Idempotency-Key"]).toBe("key-1");
  });

  it("does not wait twice for a server that is too slow", async () => {
    const { api, sent } = apiWith(new DOMException("slow", "TimeoutError"));
    await expect(api.get("/x")).rejects.toMatchObject({ reason: "timeout" });
    expect(sent).toHaveLength(1);
  });
});

describe("when the session has ended", () => {
  it("renews it once and asks again", async () => {
    const { api, renew } = apiWith({ status: 401 }, { status: 200, body: { ok: 1 } });
    expect(await api.get("/cases")).toEqual({ ok: 1 });
    expect(renew).toHaveBeenCalledOnce();
  });

  it("gives up when the fresh token is refused too", async () => {
    const { api } = apiWith({ status: 401 }, { status: 401 });
    await expect(api.get("/cases")).rejects.toMatchObject({ status: 401, code: "signed_out" });
  });
});
