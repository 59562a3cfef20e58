import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deskCase, find, seen, sitDown, standUp, textsOf } from "../../../tests/at-the-desk.tsx";
import type { DeskCase, Finding, Hit, NamedCase } from "../desk.ts";
import { Actions } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { HitsPanel } from "./hits.tsx";

const HIT: Hit = { id: "h", kind: "earlier", title: "Earlier application", score: 0.9, because: ["Refused on 2026-01-05"], about: {}, cases: [], ground: null, verdict: null, note: null };
const OURS: NamedCase = { case_id: "0123456789abcdef01234567", reference: "RJ-AAAA-AAAA", desk: "Embassy in Singapore", may_open: true };
const THEIRS: NamedCase = { case_id: "abcdef0123456789abcdef01", reference: "RJ-EEEE-EEEE", desk: "Embassy in the United Kingdom", may_open: false };
const screened = (outcome: Finding["outcome"]): Finding => ({ check: "screening", outcome, reasons: [], facts: {} });

const asked: string[] = [];
const held: CaseFile = {
  file: null, failure: null, problem: null, busy: "", reload: async () => undefined, take: () => undefined,
  act: async (action) => asked.push(action) > 0,
};
const panel = (of: DeskCase) => seen(<HitsPanel id="hits" file={of} held={held} />);
const actions = (of: DeskCase) => seen(<Actions file={of} held={held} />);
const links = () => textsOf("a");
const buttons = () => textsOf("button");

beforeEach(() => {
  asked.length = 0;
  return sitDown("examiner");
});
afterEach(standUp);

describe("another application", () => {
  it("of the officer's desk is a link by its number", () => {
    const text = panel(deskCase({ hits: [{ ...HIT, kind: "shared", cases: [OURS] }] }));
    expect(links()).toEqual(["RJ-AAAA-AAAA"]);
    expect(text).not.toContain(OURS.case_id);
  });

  it("of another desk is named with its desk, and is no dead end", () => {
    const text = panel(deskCase({ hits: [{ ...HIT, cases: [THEIRS] }] }));
    expect(links()).toEqual([]);
    for (const part of ["RJ-EEEE-EEEE", "Held by Embassy in the United Kingdom"]) expect(text).toContain(part);
  });
});

describe("what an applicant declares", () => {
  it("stands in their own words, and it is asked whether it matters", () => {
    const text = panel(deskCase({ hits: [{ ...HIT, kind: "declared", title: "Declared by the applicant", about: { details: "In 2019." } }], may: ["decide_hits"] }));
    expect(text).toContain("In 2019.");
    expect(buttons()).toEqual(["It matters", "Not relevant"]);
  });
});

describe("a screening that is not complete", () => {
  const lacking = [screened("unavailable"), screened("pass")];

  it("is not told as nothing found, and is made again by the officer who has the case", async () => {
    expect(panel(deskCase({ findings: lacking }))).not.toContain("The screening found nothing");
    expect(buttons()).toEqual([]);
    expect(panel(deskCase({ findings: lacking, may: ["screen_again"] }))).toContain("The screening is not complete");
    await act(async () => find("button")?.click());
    expect(asked).toEqual(["screening"]);
    expect(find("[role=status]")?.textContent).toBe("Screened again");
  });

  it("is told beside the proposal and beside the decision", () => {
    for (const may of ["propose", "decide"] as const) {
      expect(actions(deskCase({ findings: lacking, may: [may] }))).toContain("nothing can be approved yet");
      expect(actions(deskCase({ findings: [screened("review")], may: [may] }))).not.toContain("nothing can be approved yet");
    }
  });
});

describe("a hit that came to light after the proposal", () => {
  const proposal: DeskCase["proposal"] = { outcome: "approve", ground: null, reasons: null, note: null, by: { officer: "o-1", name: "Sato" }, at: "2026-11-24T03:00:00Z" };
  const NOT_THEM = { verdict: "other_person", note: "Born elsewhere." } as const;

  it("is told to who would decide on it, with the way out", () => {
    const text = actions(deskCase({ proposal, hits: [HIT], may: ["decide"] }));
    expect(text).toContain("1 hit has come to light since the proposal");
    expect(text).toContain("Send the case back");
  });

  it("is told to nobody once it is decided", () => {
    expect(actions(deskCase({ proposal, hits: [{ ...HIT, ...NOT_THEM }], may: ["decide"] }))).not.toContain("since the proposal");
  });
});
