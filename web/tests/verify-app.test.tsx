import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { changeLanguage } from "../src/shared/texts.ts";
import { now } from "../src/verify/age.ts";
import { App } from "../src/verify/app.tsx";
import { begin, checking, result, type Result } from "../src/verify/check.ts";
import { fetching, kept, type KeptList } from "../src/verify/kept-list.ts";
import { NOBODY_ASKED } from "../src/verify/online.ts";
import type { Trust } from "../src/verify/seal/trust.ts";
import { verifyTexts } from "../src/verify/texts.ts";
import { leave, press, settle, type } from "./at-the-portal.tsx";

/** Pictures that are looked through, in the order in which they were chosen: gives the text found in one. */
const pictures: ((text: string | null) => void)[] = [];
const verified: string[] = [];

vi.mock("../src/verify/qr.ts", () => ({ reader: async () => () => new Promise((found) => pictures.push(found)) }));
vi.mock("../src/verify/seal/verification.ts", async (original) => ({
  ...(await original<typeof import("../src/verify/seal/verification.ts")>()),
  verify: (text: string) => (verified.push(text), new Promise(() => undefined)),
}));

const list = (issued: Date, revocations: Date[]): KeptList => ({
  trust: { issued, authorities: revocations.map((thisUpdate) => ({ revocations: { thisUpdate } })) } as unknown as Trust,
  fetched: new Date(issued.getTime() + 3_600_000),
});

/** What was found of somebody else before. */
const EARLIER = { reading: 0, at: new Date(), listIssued: new Date(), online: NOBODY_ASKED, verdict: { status: "VALID", checks: {}, warnings: [], type: null, state: null, content: {}, readable: false, validity: "not_checked", signer: null } } as unknown as Result;

async function page(): Promise<HTMLElement> {
  const place = document.createElement("main");
  document.body.append(place);
  await act(() => render(<App />, place));
  await act(() => void (result.value = EARLIER));
  expect(place.querySelector(".ryoji-verify-result")).not.toBeNull();
  return place;
}

async function choose(place: Element): Promise<void> {
  const input = place.querySelector<HTMLInputElement>("#picture") as HTMLInputElement;
  Object.defineProperty(input, "files", { value: [new File(["picture"], "a.png", { type: "image/png" })], configurable: true });
  await act(() => void input.dispatchEvent(new Event("change", { bubbles: true })));
  await settle();
}

const nothingShown = (place: Element) => place.querySelector(".ryoji-verify-result") === null;
const said = (place: Element) => place.querySelector(".ryoji-verify-checking")?.textContent;

beforeEach(async () => {
  pictures.length = verified.length = 0;
  begin();
  kept.value = list(new Date(), [new Date()]);
  vi.stubGlobal("createImageBitmap", async () => ({}));
  await verifyTexts.load("en");
  await changeLanguage("en");
});

afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

it("a picture without a code leaves nothing of an earlier seal on the page", async () => {
  const place = await page();
  await choose(place);
  expect(nothingShown(place)).toBe(true);
  await act(() => pictures[0]?.(null));
  await settle();
  expect(nothingShown(place)).toBe(true);
  expect(place.textContent).toContain("No code was found in this picture.");
});

it("a check is announced where everybody sees it, and no way to a seal is closed by it", async () => {
  const place = await page();
  await type(place, "text", "one");
  await press(place, "Check");
  expect(nothingShown(place)).toBe(true);
  expect([checking.value, said(place)]).toEqual([true, "Checking"]);
  expect(place.querySelector(".ryoji-verify-checking")?.classList.contains("ryoji-visually-hidden")).toBe(false);
  await type(place, "text", "another");
  await press(place, "Check");
  expect(verified).toEqual(["one", "another"]);
});

it("an empty text leaves nothing of an earlier seal on the page", async () => {
  const place = await page();
  await press(place, "Check");
  expect(nothingShown(place)).toBe(true);
  expect(place.textContent).toContain("Enter the text of the code.");
});

it("a picture that is read slowly does not take the place of what was read after it", async () => {
  const place = await page();
  await choose(place);
  await choose(place);
  await act(() => pictures[1]?.("the second"));
  await settle();
  await act(() => pictures[0]?.("the first"));
  await settle();
  expect(verified).toEqual(["the second"]);
});

it("looking for a code with the camera begins anew", async () => {
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator) as Navigator, { mediaDevices: { getUserMedia: () => new Promise(() => undefined) } }));
  const place = await page();
  await press(place, "Use the camera");
  expect(nothingShown(place)).toBe(true);
});

it("the list, its fetching and its revocation list are shown with ages, which grow on a page that stays open", async () => {
  const issued = new Date("2026-11-24T03:00:00Z");
  // Of two authorities, the older revocation list: of that one least is known.
  kept.value = list(issued, [issued, new Date("2026-11-22T03:00:00Z")]);
  now.value = new Date("2026-11-24T05:00:00Z");
  const place = await page();
  const ages = () => [...place.querySelectorAll("li")].flatMap((each) => /^(List issued|Fetched|Revocation list issued).*\((.*)\)$/.exec(each.textContent ?? "")?.[2] ?? []);
  expect(ages()).toEqual(["2 hours ago", "1 hour ago", "2 days ago"]);
  await act(() => void (now.value = new Date("2026-11-24T07:00:00Z")));
  expect(ages()).toEqual(["4 hours ago", "3 hours ago", "2 days ago"]);
});

it("a list that was refused is not told as one that could not be fetched", async () => {
  const place = await page();
  await act(() => void (fetching.value = "refused"));
  expect(place.textContent).toContain("A list came that no authority known to this device has signed.");
  await act(() => void (fetching.value = "no"));
  expect(place.textContent).not.toContain("A list came");
});
