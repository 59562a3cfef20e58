import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeLanguage } from "../../shared/texts.ts";
import { me } from "../connection.ts";
import type { DeskCase, Finding, Hit, NamedCase } from "../desk.ts";
import { consoleTexts } from "../texts.ts";
import { Actions } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { HitsPanel } from "./hits.tsx";

const HIT: Hit = { id: "h", kind: "earlier", title: "Earlier application", score: 0.9, because: ["Refused on 2026-01-05"], about: {}, cases: [], ground: null, verdict: null, note: null };
const OURS: NamedCase = { case_id: "0123456789abcdef01234567", reference: "RJ-AAAA-AAAA", desk: "Embassy in Singapore", may_open: true };
const THEIRS: NamedCase = { case_id: "abcdef0123456789abcdef01", reference: "RJ-EEEE-EEEE", desk: "Embassy in the United Kingdom", may_open: false };
const screened = (outcome: Finding["outcome"]): Finding => ({ check: "screening", outcome, reasons: [], facts: {} });

const file = (part: Partial<DeskCase>): DeskCase => ({
  case_id: "c", procedure: "visa-tourism", family: "visa", refusal_reasons: "general", title: "Visa", reference: "RJ-1", status: "in_review", status_text: "In review", sequence: 9, opened_at: "2026-11-20T00:00:00Z", submitted_at: null,
  language: "en", timezone: "Asia/Tokyo", sections: [], documents: [], identity: { read: false, signed: false, attributes: null, assurance: "account" }, next: { who: "nobody", action: "none", text: "", by: null }, stages: [],
  correction: null, fee: null, appointment: null, book: null, decision: null, messages: [], applicant: { name: "LI NA", nationality: "CHN", nationality_text: "China", birth_date: null, sex: null }, permission: null, hits: [], more_hits: 0, advice: {},
  originals: [], interviews: [], group: null, relation: null, agency: null, duplicates: [], comparison: [], mrz: null, findings: [], claimed_by: null, due: null, proposal: null, history: [], grounds: [], may: [], ...part,
});
const asked: string[] = [];
const held: CaseFile = {
  file: null, failure: null, problem: null, busy: "", reload: async () => undefined, take: () => undefined,
  act: async (action) => asked.push(action) > 0,
};
let place: HTMLElement;

beforeEach(async () => {
  asked.length = 0;
  await consoleTexts.load("en");
  await changeLanguage("en");
  me.value = { officer: "o-3", name: "Tanaka", desks: [], roles: ["examiner"] };
  place = document.createElement("main");
  document.body.append(place);
});

afterEach(() => {
  act(() => render(null, place));
  place.remove();
  vi.restoreAllMocks();
});

function panel(of: DeskCase): string {
  act(() => render(<HitsPanel id="hits" file={of} held={held} />, place));
  return place.textContent ?? "";
}

const links = () => [...place.querySelectorAll("a")].map((link) => link.textContent);
const buttons = () => [...place.querySelectorAll("button")].map((button) => button.textContent);

describe("another application", () => {
  it("of the officer's desk is a link by its number", () => {
    const text = panel(file({ hits: [{ ...HIT, kind: "shared", cases: [OURS] }] }));
    expect(links()).toEqual(["RJ-AAAA-AAAA"]);
    expect(text).not.toContain(OURS.case_id);
  });

  it("of another desk is named with its desk, and is no dead end", () => {
    const text = panel(file({ hits: [{ ...HIT, cases: [THEIRS] }] }));
    expect(links()).toEqual([]);
    for (const part of ["RJ-EEEE-EEEE", "Held by Embassy in the United Kingdom"]) expect(text).toContain(part);
  });
});

describe("what an applicant declares", () => {
  it("stands in their own words, and it is asked whether it matters", () => {
    const text = panel(file({ hits: [{ ...HIT, kind: "declared", title: "Declared by the applicant", about: { details: "In 2019." } }], may: ["decide_hits"] }));
    expect(text).toContain("In 2019.");
    expect(buttons()).toEqual(["It matters", "Not relevant"]);
  });
});

describe("a screening that is not complete", () => {
  const lacking = [screened("unavailable"), screened("pass")];

  it("is not told as nothing found, and is made again by the officer who has the case", async () => {
    expect(panel(file({ findings: lacking }))).not.toContain("The screening found nothing");
    expect(buttons()).toEqual([]);
    expect(panel(file({ findings: lacking, may: ["screen_again"] }))).toContain("The screening is not complete");
    await act(async () => place.querySelector("button")?.click());
    expect(asked).toEqual(["screening"]);
    expect(place.querySelector("[role=status]")?.textContent).toBe("Screened again");
  });

  it("is told beside the proposal and beside the decision", () => {
    for (const may of ["propose", "decide"] as const) {
      act(() => render(<Actions file={file({ findings: lacking, may: [may] })} held={held} />, place));
      expect(place.textContent).toContain("nothing can be approved yet");
      act(() => render(<Actions file={file({ findings: [screened("review")], may: [may] })} held={held} />, place));
      expect(place.textContent).not.toContain("nothing can be approved yet");
    }
  });
});
