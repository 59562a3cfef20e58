import { expect, it } from "vitest";
import type { CaseDocument, DeskCase } from "../desk.ts";
import { correctionItems } from "./correction-items.ts";

function document(id: string, supply: CaseDocument["supply"] = "upload"): CaseDocument {
  return { id, title: id, supply, required: true, status: "checked", upload_id: "1", received_at: null, checks: [], findings: [], original: null };
}

const sections = [
  { id: "trip", title: "Journey", status: "done", answers: { purpose: "tourism" } },
  { id: "representative", title: "Representative", status: "not_needed", answers: {} },
];
const file = { documents: [document("portrait"), document("counter_picture"), document("originals", "shown_at_visit")], sections, advice: { portrait: "ظهرت ظلال." } } as unknown as DeskCase;

it("what a family sends once can be asked of each of them", () => {
  const described = [
    { id: "portrait", title: "Portrait", supply: "upload" },
    { id: "itinerary", title: "Itinerary", supply: "upload" },
    { id: "current_passport", title: "Passport", supply: "shown_at_visit" },
  ];
  expect(correctionItems(file, described).map(({ item }) => item)).toEqual(["documents/portrait", "documents/itinerary", "sections/trip"]);
});

it("what was asked for can be asked again before the procedure is described", () => {
  expect(correctionItems(file, []).map(({ item }) => item)).toEqual(["documents/portrait", "sections/trip"]);
});

it("what the checks say is offered in the applicant's language", () => {
  expect(correctionItems(file, [])[0]?.suggestion).toBe("ظهرت ظلال.");
});
