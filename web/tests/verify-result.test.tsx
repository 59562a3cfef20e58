import { readFileSync } from "node:fs";
import { join } from "node:path";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { formatMoment } from "../src/shared/format.ts";
import { languages } from "../src/shared/language.ts";
import { changeLanguage } from "../src/shared/texts.ts";
import { now } from "../src/verify/age.ts";
import type { Result } from "../src/verify/check.ts";
import { conclusion } from "../src/verify/conclusion.ts";
import { ASKING, NOBODY_ASKED, type OnlineAnswer } from "../src/verify/online.ts";
import { ResultView } from "../src/verify/result.tsx";
import { readTrust } from "../src/verify/seal/trust.ts";
import { verify } from "../src/verify/seal/verification.ts";
import { verifyTexts } from "../src/verify/texts.ts";
import { leave, press, type } from "./at-the-portal.tsx";

interface Conformance {
  lists: Record<string, string>;
  cases: Record<string, { text: string; trust: string; now: string }>;
}

/** Seals as they are judged: tests/unit/issuance/conformance.py. */
const file: Conformance = JSON.parse(readFileSync(join(import.meta.dirname, "../../tests/data/seals/conformance.json"), "utf8"));
const IN_FORCE: OnlineAnswer = { permission: "active", status: "VALID" };
const LINES = ["V<JPNERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F2702283<<<<<<<<<<<<<<<<"] as const;
const SAME = "The printed lines say the same as the seal";

async function judged(name: string, online: OnlineAnswer): Promise<Result> {
  const { text, trust, now } = file.cases[name] as Conformance["cases"][string];
  const believed = await readTrust(file.lists[trust] ?? "");
  const at = new Date(now);
  return { reading: 1, at, verdict: await verify(text, believed, at), listIssued: believed.issued, online };
}

async function shown(result: Result): Promise<HTMLElement> {
  leave();
  const place = document.createElement("main");
  document.body.append(place);
  await act(() => render(<ResultView result={result} key={result.reading} />, place));
  return place;
}

const banner = (place: Element) => place.querySelector<HTMLElement>(".ryoji-banner");
const row = (place: Element, name: string) => [...place.querySelectorAll("tr")].find((each) => each.textContent?.startsWith(name))?.querySelector("td");
const line = (place: Element, which: 0 | 1) => place.querySelector<HTMLInputElement>(`#line-${which}`);

beforeAll(async () => {
  await verifyTexts.load("en");
  await changeLanguage("en");
});
afterEach(leave);

describe("what it all comes to", () => {
  it("is green only where the service said that the permission is in force", async () => {
    const kinds: Record<string, string> = {};
    for (const online of [IN_FORCE, ASKING, NOBODY_ASKED, { permission: "not_checked", status: "VALID" } as const]) {
      kinds[`${online.permission} ${online.status}`] = conclusion(await judged("valid in its time", online)).kind;
    }
    expect(kinds).toEqual({ "active VALID": "success", "asking null": "information", "not_checked null": "warning", "not_checked VALID": "warning" });
  });

  it.each(languages.map(({ code }) => code))("says in %s that the state of the permission could not be checked", async (code) => {
    await verifyTexts.load(code);
    await changeLanguage(code);
    const [open, green] = [conclusion(await judged("valid in its time", NOBODY_ASKED)).title, conclusion(await judged("valid in its time", IN_FORCE)).title];
    await changeLanguage("en");
    expect(open).not.toBe(green);
    expect(open).not.toContain("verify.");
  });

  it("is that the permission has ended where this device was told so, with when it was told", async () => {
    const told = "2026-11-20T03:00:00Z";
    const place = await shown(await judged("valid in its time", { permission: "revoked", status: null, told: new Date(told) }));
    expect(banner(place)?.dataset["kind"]).toBe("error");
    expect(banner(place)?.textContent).toContain("The permission was revoked");
    expect(banner(place)?.textContent).toContain(`The service said so on ${formatMoment(told)}.`);
    expect(row(place, "State of the permission now")?.textContent).toBe(`RevokedAs of ${formatMoment(told)}`);
  });

  it("turns in its place when the answer comes, and what was typed stays", async () => {
    const place = await shown(await judged("valid in its time", ASKING));
    expect(row(place, "State of the permission now")?.textContent).toBe("Being asked");
    await type(place, "line-0", LINES[0]);
    const answered = await judged("valid in its time", IN_FORCE);
    await act(() => render(<ResultView result={answered} key={answered.reading} />, place));
    expect(banner(place)?.dataset["kind"]).toBe("success");
    expect(line(place, 0)?.value).toBe(LINES[0]);
  });

  it("says how old the list is that was used", async () => {
    now.value = new Date("2026-11-26T03:00:00Z");
    const place = await shown(await judged("valid in its time", IN_FORCE));
    expect(place.textContent).toContain(`Trust list used for this check, issued: ${formatMoment("2026-11-24T03:00:00Z")} (2 days ago)`);
  });
});

describe("printed lines", () => {
  it.each(["another name", "another last day", "signer revoked", "a stranger signed", "signed under our name by another key", "a type that is not ours"])("are not held against a seal that is not proven: %s", async (name) => {
    expect(line(await shown(await judged(name, NOBODY_ASKED)), 0)).toBeNull();
  });

  it("nor against one that the service refuses", async () => {
    expect(line(await shown(await judged("valid in its time", { permission: "not_checked", status: "REVOKED_CERTIFICATE" })), 0)).toBeNull();
  });

  it("are compared, and what was found goes as soon as a line is changed", async () => {
    const place = await shown(await judged("valid in its time", IN_FORCE));
    await type(place, "line-0", LINES[0]);
    await type(place, "line-1", LINES[1]);
    await press(place, "Compare");
    expect(place.textContent).toContain(SAME);
    expect(place.textContent).toContain("Printed lines and seal");
    await type(place, "line-0", LINES[0].replace("ERIKSSON", "ERIKSSEN"));
    expect(place.textContent).not.toContain(SAME);
    expect(place.textContent).not.toContain("Printed lines and seal");
    await press(place, "Compare");
    expect(place.textContent).toContain("The printed lines differ from the seal.");
  });

  it.each([
    ["one run of both lines", LINES.join("")],
    ["with a blank between", LINES.join(" ")],
    ["with ends of lines", `${LINES.join("\n")}\n`],
    ["the short form", ["V<JPNERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L898902C36UTO7408122F2702283<<<<<<<<"].join("")],
  ])("may stand in one field: %s", async (_name, text) => {
    for (const field of ["line-0", "line-1"]) {
      const place = await shown(await judged("valid in its time", IN_FORCE));
      await type(place, field, text);
      await press(place, "Compare");
      expect(place.textContent).toContain(SAME);
      expect([line(place, 0)?.value.length, line(place, 1)?.value.length]).toEqual(text.length < 80 ? [36, 36] : [44, 44]);
    }
  });
});
