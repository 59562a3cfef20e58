/** A page of the portal in a test: drawn, waited for, pressed and typed on as a person would. */

import { LocationProvider } from "preact-iso";
import { render, type VNode } from "preact";
import { act } from "preact/test-utils";
import { caseTexts } from "../src/portal/case-texts.ts";
import { travelTexts } from "../src/portal/travel-texts.ts";
import type { CaseView } from "../src/shared/contract.ts";
import { changeLanguage } from "../src/shared/texts.ts";

export const settle = (milliseconds = 20) => act(() => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds)));

/** Nothing of the page goes on. */
export function leave(): void {
  for (const before of document.querySelectorAll("body > main")) {
    render(null, before);
    before.remove();
  }
}

export async function draw(page: VNode): Promise<HTMLElement> {
  await Promise.all([caseTexts.load("en"), travelTexts.load("en")]);
  await changeLanguage("en");
  leave();
  const place = document.createElement("main");
  document.body.append(place);
  await act(() => render(<LocationProvider>{page}</LocationProvider>, place));
  for (let looks = 0; looks < 100 && isLoading(place); looks += 1) await settle();
  return place;
}

function isLoading(place: Element): boolean {
  return ["Loading", undefined].includes(place.querySelector("h1")?.textContent ?? undefined);
}

export function buttonOf(place: Element, name: string | RegExp): HTMLButtonElement {
  const found = [...place.querySelectorAll("button")].find((button) => (typeof name === "string" ? button.textContent === name : name.test(button.textContent ?? "")));
  if (!found) throw new Error(`no button ${String(name)} in: ${place.textContent}`);
  return found;
}

export async function press(place: Element, name: string | RegExp): Promise<void> {
  await act(() => {
    const button = buttonOf(place, name);
    button.focus();
    button.click();
  });
  await settle();
}

export async function type(place: Element, id: string, value: string): Promise<void> {
  const input = place.querySelector<HTMLInputElement>(`#${id}`);
  if (!input) throw new Error(`no #${id}`);
  await act(() => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** A draft of a visa with what every page reads. */
export function caseWith(change: Partial<CaseView> = {}): CaseView {
  return {
    case_id: "1", procedure: "visa", title: "Visa", reference: null, status: "draft", status_text: "Draft", sequence: 1, opened_at: "", submitted_at: null, language: "en", timezone: "Asia/Tokyo",
    sections: [], documents: [], identity: { read: false, signed: false, attributes: null, assurance: "account" }, next: { who: "applicant", action: "fill", text: "", by: null }, stages: [], correction: null, fee: null,
    appointment: null, book: null, permission: null, interview: null, group: null, relation: null, agency: null, decision: null, timeline: [], messages: [], may: ["save", "submit"],
    ...change,
  };
}
