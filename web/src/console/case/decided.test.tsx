import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeLanguage } from "../../shared/texts.ts";
import { me } from "../connection.ts";
import type { DeskCase } from "../desk.ts";
import { consoleTexts } from "../texts.ts";
import { Actions } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { Attention } from "./findings.tsx";

const SUZUKI = { officer: "o-2", name: "Suzuki" };
const PERMISSION: NonNullable<DeskCase["permission"]> = { number: "V1", kind: "visa", status: "active", valid_from: "2026-12-01", valid_until: "2027-03-01", entries: "single", stay_days: 15, changes: [] };

const file = (part: Partial<DeskCase>): DeskCase => ({
  case_id: "c", procedure: "visa-tourism", family: "visa", refusal_reasons: "general", title: "Visa", reference: "RJ-1", status: "refused", status_text: "Refused", sequence: 9, opened_at: "2026-11-20T00:00:00Z", submitted_at: null,
  language: "en", timezone: "Asia/Tokyo", sections: [], documents: [], identity: { read: false, signed: false, attributes: null, assurance: "account" }, next: { who: "nobody", action: "none", text: "", by: null }, stages: [],
  correction: null, fee: null, appointment: null, book: null, decision: null, messages: [], applicant: { name: "LI NA", nationality: "CHN", nationality_text: "China", birth_date: null, sex: null }, permission: null, hits: [], more_hits: 0, advice: {},
  originals: [], interviews: [], group: null, relation: null, agency: null, duplicates: [], comparison: [], mrz: null, findings: [], claimed_by: null, due: null, proposal: null, history: [], grounds: [], may: [], ...part,
});
const held: CaseFile = { file: null, failure: null, problem: null, busy: "", reload: async () => undefined, act: async () => true, take: () => undefined };
let place: HTMLElement;

beforeEach(async () => {
  await consoleTexts.load("en");
  await changeLanguage("en");
  me.value = { officer: "o-3", name: "Tanaka", desks: [], roles: ["approver"] };
  place = document.createElement("main");
  document.body.append(place);
});

afterEach(() => {
  act(() => render(null, place));
  place.remove();
  vi.restoreAllMocks();
});

function seen(of: DeskCase): string {
  act(() => render(<Actions file={of} held={held} />, place));
  return place.textContent ?? "";
}

const buttons = () => [...place.querySelectorAll("button")].map((button) => button.textContent);

describe("a refused visa", () => {
  const decision: DeskCase["decision"] = { outcome: "refused", at: "2026-11-25T03:00:00Z", ground: "The purpose is not credible", reasons: null, note: "As the bookings are false.", by: SUZUKI };
  const proposal: DeskCase["proposal"] = { outcome: "refuse", ground: "purpose", reasons: null, note: "See the interview.", by: { officer: "o-1", name: "Sato" }, at: "2026-11-24T03:00:00Z" };

  it("says on which ground, by whom, and what both officers noted", () => {
    const text = seen(file({ decision, proposal }));
    for (const part of ["The purpose is not credible", "As the bookings are false.", "Suzuki", "See the interview.", "Sato"]) expect(text).toContain(part);
    expect(text.split("The purpose is not credible")).toHaveLength(2);
  });

  it("shows a proposal whole as long as nobody has decided on it", () => {
    expect(seen(file({ status: "in_review", proposal, grounds: [{ id: "purpose", text: "The purpose is not credible" }] }))).toContain("The purpose is not credible");
  });
});

describe("a permission", () => {
  const changes = [
    { status: "active" as const, at: "2026-11-26T03:00:00Z", by: "Suzuki", ground: "The papers were true." },
    { status: "revoked" as const, at: "2026-11-25T03:00:00Z", by: "Sato", ground: "False papers." },
  ];

  it("says on which ground it was changed, also what was undone since", () => {
    const text = seen(file({ status: "issued", permission: { ...PERMISSION, changes }, may: ["change_permission"] }));
    for (const part of ["The papers were true.", "False papers.", "Sato", "Suzuki"]) expect(text).toContain(part);
    expect(buttons()).toEqual(["Revoke", "Cancel", "Mark as replaced"]);
  });

  it("that has expired says so, and nothing can be made of it", () => {
    const text = seen(file({ status: "issued", permission: { ...PERMISSION, status: "expired" } }));
    expect(text).toContain("Expired");
    expect(text).not.toContain("In force");
    expect(buttons()).toEqual([]);
  });
});

describe("a humanitarian reason", () => {
  const mission = (humanitarian: string): DeskCase["sections"] => [{ id: "mission", title: "", status: "done", answers: { humanitarian } }];
  const attention = (of: DeskCase) => {
    act(() => render(<Attention file={of} partOf={() => "findings"} />, place));
    return place.textContent ?? "";
  };

  it("stands at the top of the case, though nothing else does", () => {
    expect(attention(file({ sections: mission("serious_illness") }))).toContain("Humanitarian reason: a relative is seriously ill");
    expect(place.querySelector("a")?.getAttribute("href")).toBe("#answers");
  });

  it("that is not given is not mentioned", () => {
    for (const sections of [mission("none"), []]) expect(attention(file({ sections }))).toContain("Nothing stands out");
  });
});
