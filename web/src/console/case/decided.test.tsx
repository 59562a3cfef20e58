import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deskCase, find, seen, sitDown, standUp, textsOf } from "../../../tests/at-the-desk.tsx";
import type { DeskCase } from "../desk.ts";
import { Actions } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { Attention } from "./findings.tsx";

const SUZUKI = { officer: "o-2", name: "Suzuki" };
const PERMISSION: NonNullable<DeskCase["permission"]> = { number: "V1", kind: "visa", status: "active", valid_from: "2026-12-01", valid_until: "2027-03-01", entries: "single", stay_days: 15, changes: [] };

const held: CaseFile = { file: null, failure: null, problem: null, busy: "", reload: async () => undefined, act: async () => true, take: () => undefined };
const refused = (part: Partial<DeskCase>) => deskCase({ status: "refused", status_text: "Refused", ...part });
const actions = (of: DeskCase) => seen(<Actions file={of} held={held} />);
const buttons = () => textsOf("button");

beforeEach(() => sitDown("approver"));
afterEach(standUp);

describe("a refused visa", () => {
  const decision: DeskCase["decision"] = { outcome: "refused", at: "2026-11-25T03:00:00Z", ground: "The purpose is not credible", reasons: null, note: "As the bookings are false.", by: SUZUKI };
  const proposal: DeskCase["proposal"] = { outcome: "refuse", ground: "purpose", reasons: null, note: "See the interview.", by: { officer: "o-1", name: "Sato" }, at: "2026-11-24T03:00:00Z" };

  it("says on which ground, by whom, and what both officers noted", () => {
    const text = actions(refused({ decision, proposal }));
    for (const part of ["The purpose is not credible", "As the bookings are false.", "Suzuki", "See the interview.", "Sato"]) expect(text).toContain(part);
    expect(text.split("The purpose is not credible")).toHaveLength(2);
  });

  it("shows a proposal whole as long as nobody has decided on it", () => {
    expect(actions(refused({ status: "in_review", proposal, grounds: [{ id: "purpose", text: "The purpose is not credible" }] }))).toContain("The purpose is not credible");
  });
});

describe("an approval, before it is confirmed", () => {
  const proposal: DeskCase["proposal"] = { outcome: "approve", ground: null, reasons: null, note: null, by: { officer: "o-1", name: "Sato" }, at: "2026-11-24T03:00:00Z" };
  const stages = (...ids: string[]) => ids.map((id) => ({ id, title: id, state: "todo" as const }));

  it.each([
    ["If a fee is still to be paid, the applicant is asked for it.", stages("review", "payment", "issuance")],
    ["No fee is asked; what was applied for is issued.", stages("review", "issuance")],
  ])("says what comes of it: %s", (told, ways) => {
    actions(deskCase({ case_id: told, stages: ways, proposal, may: ["decide"] }));
    act(() => (find("input[name=decision][value=approve]") as HTMLInputElement).click());
    act(() => (find("form button[type=submit]") as HTMLButtonElement).click());
    expect(find("dialog")?.textContent).toContain(told);
  });
});

describe("a permission", () => {
  const changes = [
    { status: "active" as const, at: "2026-11-26T03:00:00Z", by: "Suzuki", ground: "The papers were true." },
    { status: "revoked" as const, at: "2026-11-25T03:00:00Z", by: "Sato", ground: "False papers." },
  ];

  it("says on which ground it was changed, also what was undone since", () => {
    const text = actions(refused({ status: "issued", permission: { ...PERMISSION, changes }, may: ["change_permission"] }));
    for (const part of ["The papers were true.", "False papers.", "Sato", "Suzuki"]) expect(text).toContain(part);
    expect(buttons()).toEqual(["Revoke", "Cancel", "Mark as replaced"]);
  });

  it("that has expired says so, and nothing can be made of it", () => {
    const text = actions(refused({ status: "issued", permission: { ...PERMISSION, status: "expired" } }));
    expect(text).toContain("Expired");
    expect(text).not.toContain("In force");
    expect(buttons()).toEqual([]);
  });
});

describe("a humanitarian reason", () => {
  const mission = (humanitarian: string): DeskCase["sections"] => [{ id: "mission", title: "", status: "done", answers: { humanitarian } }];
  const attention = (of: DeskCase) => seen(<Attention file={of} partOf={() => "findings"} />);

  it("stands at the top of the case, though nothing else does", () => {
    expect(attention(refused({ sections: mission("serious_illness") }))).toContain("Humanitarian reason: a relative is seriously ill");
    expect(find("a")?.getAttribute("href")).toBe("#answers");
  });

  it("that is not given is not mentioned", () => {
    for (const sections of [mission("none"), []]) expect(attention(refused({ sections }))).toContain("Nothing stands out");
  });
});
