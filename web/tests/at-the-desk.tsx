/** The console in a test: an officer, a visa's case, and a part of the page that is drawn anew for each test. */

import { render, type VNode } from "preact";
import { act } from "preact/test-utils";
import { me } from "../src/console/connection.ts";
import type { DeskCase } from "../src/console/desk.ts";
import { consoleTexts } from "../src/console/texts.ts";
import { changeLanguage } from "../src/shared/texts.ts";

let place: HTMLElement;

export async function sitDown(role: "examiner" | "approver"): Promise<void> {
  await consoleTexts.load("en");
  await changeLanguage("en");
  me.value = { officer: "o-3", name: "Tanaka", desks: [], roles: [role] };
  place = document.createElement("main");
  document.body.append(place);
}

export function standUp(): void {
  act(() => render(null, place));
  place.remove();
}

/** What is drawn, as text. */
export function seen(part: VNode): string {
  act(() => render(part, place));
  return place.textContent ?? "";
}

export const find = (selector: string): HTMLElement | null => place.querySelector(selector);

export const textsOf = (selector: string): (string | null)[] => [...place.querySelectorAll(selector)].map((each) => each.textContent);

/** A visa's case in review, but for the parts that are given. */
export const deskCase = (part: Partial<DeskCase>): DeskCase => ({
  case_id: "c", procedure: "visa-tourism", family: "visa", refusal_reasons: "general", title: "Visa", reference: "RJ-1", status: "in_review", status_text: "In review", sequence: 9, opened_at: "2026-11-20T00:00:00Z", submitted_at: null,
  language: "en", timezone: "Asia/Tokyo", sections: [], documents: [], identity: { read: false, signed: false, attributes: null, assurance: "account" }, next: { who: "nobody", action: "none", text: "", by: null }, stages: [],
  correction: null, fee: null, appointment: null, book: null, decision: null, messages: [], applicant: { name: "LI NA", nationality: "CHN", nationality_text: "China", birth_date: null, sex: null }, permission: null, hits: [], more_hits: 0, advice: {},
  originals: [], interviews: [], group: null, relation: null, agency: null, duplicates: [], comparison: [], mrz: null, findings: [], claimed_by: null, due: null, proposal: null, history: [], grounds: [], may: [], ...part,
});
