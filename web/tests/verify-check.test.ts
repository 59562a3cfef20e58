// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { begin, check, checking, fetchAndCheckAgain, result } from "../src/verify/check.ts";
import { kept } from "../src/verify/kept-list.ts";
import { askOnline, NOBODY_ASKED, type OnlineAnswer } from "../src/verify/online.ts";
import type { Trust } from "../src/verify/seal/trust.ts";

/** Judgements that were asked for and not given yet: of what, by what list, and how to give them. */
const asked: { text: string; issued: string; give: (status?: string) => void }[] = [];
/** What the service was asked and has not answered yet. */
const questions: { text: string; answer: (permission: OnlineAnswer["permission"]) => void }[] = [];
let published: () => Promise<string>;

const AUTHORITY = { certificate: { der: new Uint8Array([1]) } };
const trust = (issued: string) => ({ issued: new Date(issued), authorities: [AUTHORITY], signer: AUTHORITY.certificate }) as unknown as Trust;
const day = (moment: Date): string => moment.toISOString().slice(0, 10);

vi.mock("../src/verify/seal/trust.ts", () => ({ readTrust: (text: string) => Promise.resolve(trust(text)) }));
vi.mock("../src/verify/online.ts", async (original) => ({ ...(await original<typeof import("../src/verify/online.ts")>()), askOnline: vi.fn() }));
vi.mock("../src/verify/seal/verification.ts", () => ({
  verify: (text: string, { issued }: Trust) =>
    new Promise((give) => {
      const content = { number: `number of ${text}`, valid_until: "2999-01-01" };
      asked.push({ text, issued: day(issued), give: (status = "VALID") => give({ status, readable: true, content }) });
    }),
}));

const inForce = () => Promise.resolve<OnlineAnswer>({ permission: "active", status: "VALID" });
const unanswered = (text: string) => new Promise<OnlineAnswer>((give) => questions.push({ text, answer: (permission) => give({ permission, status: "VALID" }) }));

beforeEach(() => {
  asked.length = questions.length = 0;
  published = () => Promise.resolve("2026-11-01");
  kept.value = { trust: trust("2026-11-01"), fetched: new Date() };
  begin();
  localStorage.clear();
  vi.mocked(askOnline).mockReset().mockImplementation(inForce);
  vi.stubGlobal("fetch", async () => new Response(await published()));
});

const until = (reached: () => unknown): Promise<void> => vi.waitFor(() => expect(reached()).toBeTruthy());
const shown = () => (result.value && result.value !== "no_list" ? result.value : null);
/** Of what, what was said of the permission, and whether that is all. */
const seen = () => shown() && [String(shown()?.verdict.content["number"]).slice("number of ".length), shown()?.online.permission, !checking.value];

/** The judgement of a text, once it is asked for. */
async function judgement(text: string): Promise<(typeof asked)[number]> {
  await until(() => asked.some((each) => each.text === text));
  return asked.findLast((each) => each.text === text) as (typeof asked)[number];
}

it("a list that comes while a seal is checked has the last word", async () => {
  const checked = check("a seal");
  await until(() => asked.length === 1);
  published = () => Promise.resolve("2026-11-29");
  await fetchAndCheckAgain();
  expect(checking.value).toBe(true);
  asked[0]?.give();
  await until(() => asked.length === 2);
  asked[1]?.give();
  await checked;
  expect(asked.map(({ issued }) => issued)).toEqual(["2026-11-01", "2026-11-29"]);
  expect(day(shown()?.listIssued as Date)).toBe("2026-11-29");
});

it("the service is asked once about a seal, and what it said stands by the newer list only where the seal is genuine by it", async () => {
  for (const [status, said] of [
    ["VALID", "active"],
    ["REVOKED_CERTIFICATE", "not_checked"],
  ] as const) {
    asked.length = 0;
    vi.mocked(askOnline).mockClear();
    kept.value = { trust: trust("2026-11-01"), fetched: new Date() };
    const checked = check("a seal");
    await until(() => asked.length === 1);
    published = () => Promise.resolve("2026-11-29");
    await fetchAndCheckAgain();
    asked[0]?.give();
    await until(() => asked.length === 2);
    asked[1]?.give(status);
    await checked;
    expect([vi.mocked(askOnline).mock.calls.length, shown()?.online.permission]).toEqual([1, said]);
  }
});

it("a list that cannot be fetched changes nothing", async () => {
  published = () => Promise.reject(new TypeError("no network"));
  const checked = check("a seal");
  await until(() => asked.length === 1);
  await fetchAndCheckAgain();
  asked[0]?.give();
  await checked;
  expect(asked.length).toBe(1);
  expect(day(shown()?.listIssued as Date)).toBe("2026-11-01");
});

it("what was found of one seal is gone as soon as another is read", async () => {
  const checked = check("the first");
  (await judgement("the first")).give();
  await checked;
  expect(seen()).toEqual(["the first", "active", true]);
  void check("the second");
  expect([result.value, checking.value]).toEqual([null, true]);
});

it("a second seal is judged while the first still is, and the first's answers come too late", async () => {
  vi.mocked(askOnline).mockImplementation(unanswered);
  const first = check("the first");
  (await judgement("the first")).give();
  await until(() => questions.length === 1);
  const second = check("the second");
  (await judgement("the second")).give();
  await until(() => questions.length === 2);
  questions[0]?.answer("active");
  await first;
  expect(seen()).toEqual(["the second", "asking", false]);
  questions[1]?.answer("revoked");
  await second;
  expect(seen()).toEqual(["the second", "revoked", true]);
});

it("a judgement that is given after another seal was read is not shown", async () => {
  const first = check("the first");
  const late = await judgement("the first");
  const second = check("the second");
  (await judgement("the second")).give();
  await second;
  late.give();
  await first;
  expect(seen()).toEqual(["the second", "active", true]);
});

it("nothing comes of a seal once something without one was read", async () => {
  const checked = check("a seal");
  const late = await judgement("a seal");
  begin();
  late.give();
  await checked;
  expect([result.value, checking.value]).toEqual([null, false]);
});

it("what the kept list says is shown while the network is waited for, as one reading with what comes then", async () => {
  kept.value = { trust: trust("2026-11-01"), fetched: new Date(0) };
  let arrive: (list: string) => void = () => undefined;
  published = () => new Promise((give) => (arrive = give));
  vi.mocked(askOnline).mockImplementation(unanswered);
  const checked = check("a seal");
  (await judgement("a seal")).give();
  await until(() => shown());
  expect(seen()).toEqual(["a seal", "asking", false]);
  const reading = shown()?.reading;
  questions[0]?.answer("active");
  arrive("2026-11-29");
  await until(() => asked.length === 2);
  asked[1]?.give();
  await checked;
  expect(seen()).toEqual(["a seal", "active", true]);
  expect(shown()?.reading).toBe(reading);
});

it("a seal is judged by the first list of all when that has come", async () => {
  kept.value = null;
  const checked = check("a seal");
  (await judgement("a seal")).give();
  await checked;
  expect(seen()).toEqual(["a seal", "active", true]);
});

it("without any list it says so", async () => {
  kept.value = null;
  published = () => Promise.reject(new TypeError("no network"));
  await check("a seal");
  expect([result.value, checking.value]).toEqual(["no_list", false]);
});

async function checkedWith(text: string, answer: OnlineAnswer): Promise<OnlineAnswer | undefined> {
  vi.mocked(askOnline).mockResolvedValueOnce(answer);
  const known = asked.length;
  const checked = check(text);
  await until(() => asked.length > known);
  asked.at(-1)?.give();
  await checked;
  return shown()?.online;
}

it("an end that the service told of stays known where it cannot be asked, with when it was told", async () => {
  const before = Date.now();
  await checkedWith("a seal", { permission: "revoked", status: "VALID" });
  const { permission, told } = (await checkedWith("a seal", NOBODY_ASKED)) ?? {};
  expect(permission).toBe("revoked");
  expect(told?.getTime()).toBeGreaterThanOrEqual(before);
  expect((await checkedWith("another seal", NOBODY_ASKED))?.permission).toBe("not_checked");
});

it("a known end is said while the service is asked", async () => {
  await checkedWith("a seal", { permission: "cancelled", status: "VALID" });
  vi.mocked(askOnline).mockImplementation(unanswered);
  void check("a seal");
  (await judgement("a seal")).give();
  await until(() => shown());
  expect(seen()).toEqual(["a seal", "cancelled", false]);
});

it("an end that was taken back is not known any more", async () => {
  await checkedWith("a seal", { permission: "revoked", status: "VALID" });
  await checkedWith("a seal", { permission: "active", status: "VALID" });
  expect((await checkedWith("a seal", NOBODY_ASKED))?.permission).toBe("not_checked");
});
