// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { check, checking, fetchAndCheckAgain, result } from "../src/verify/check.ts";
import { kept } from "../src/verify/kept-list.ts";
import type { Trust } from "../src/verify/seal/trust.ts";

/** Judgements that were asked for and not given yet: by what list, and how to give them. */
const asked: { issued: string; give: (status?: string) => void }[] = [];
/** How often the service was asked about the seal. */
let questions = 0;
let published = "2026-11-01";

const day = (trust: Trust): string => trust.issued.toISOString().slice(0, 10);

vi.mock("../src/verify/seal/trust.ts", () => ({ readTrust: (text: string) => Promise.resolve({ issued: new Date(text) }) }));
vi.mock("../src/verify/online.ts", () => ({ NOBODY_ASKED: "not_asked", askOnline: () => Promise.resolve(`answer ${++questions}`) }));
vi.mock("../src/verify/seal/verification.ts", () => ({
  verify: (_text: string, trust: Trust) =>
    new Promise((give) => {
      asked.push({ issued: day(trust), give: (status = "VALID") => give({ status, readable: true }) });
    }),
}));

beforeEach(() => {
  asked.length = 0;
  questions = 0;
  published = "2026-11-01";
  kept.value = { trust: { issued: new Date("2026-11-01") } as Trust, fetched: new Date() };
  result.value = null;
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(published)));
});

const until = (reached: () => unknown): Promise<void> => vi.waitFor(() => expect(reached()).toBeTruthy());
const online = (): unknown => result.value && result.value !== "no_list" && result.value.online;
const listIssued = (): string => (result.value && result.value !== "no_list" ? result.value.listIssued.toISOString().slice(0, 10) : "");

it("a list that comes while a seal is checked has the last word", async () => {
  const checked = check("a seal");
  await until(() => asked.length === 1);
  published = "2026-11-29";
  await fetchAndCheckAgain();
  expect(checking.value).toBe(true);
  asked[0]?.give();
  await until(() => asked.length === 2);
  asked[1]?.give();
  await checked;
  expect(asked.map(({ issued }) => issued)).toEqual(["2026-11-01", "2026-11-29"]);
  expect(listIssued()).toBe("2026-11-29");
});

it("the service is asked once about a seal, and what it said stands by the newer list only where the seal is genuine by it", async () => {
  for (const [status, said] of [
    ["VALID", "answer 1"],
    ["REVOKED_CERTIFICATE", "not_asked"],
  ] as const) {
    asked.length = questions = 0;
    kept.value = { trust: { issued: new Date("2026-11-01") } as Trust, fetched: new Date() };
    const checked = check("a seal");
    await until(() => asked.length === 1);
    published = "2026-11-29";
    await fetchAndCheckAgain();
    asked[0]?.give();
    await until(() => asked.length === 2);
    asked[1]?.give(status);
    await checked;
    expect([questions, online()]).toEqual([1, said]);
  }
});

it("a list that cannot be fetched changes nothing", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  const checked = check("a seal");
  await until(() => asked.length === 1);
  await fetchAndCheckAgain();
  asked[0]?.give();
  await checked;
  expect(asked.length).toBe(1);
  expect(listIssued()).toBe("2026-11-01");
});
