import type { CaseView } from "../../shared/contract.ts";
import { v } from "../travel-texts.ts";

/** One traveller of a group as the page shows it. */
export interface Line {
  kase: CaseView;
  /** What was not taken, each under what it was of: the list, the sending, a picture. One does not erase another's. */
  errors: Readonly<Record<string, string[]>>;
  /** Sections in which the application says something else than the list, and was left as it is. */
  kept: readonly string[];
  /** Where it stands in the pasted list; several are filled at once, and the quickest is not the first. */
  place?: number;
}

export type Lines = ReadonlyMap<string, Line>;

export interface News {
  kase: CaseView;
  of: string;
  errors: string[];
  kept?: string[];
  place?: number;
}

/** The lines with the news of one; an answer that was overtaken by a later one does not bring back how the case was. */
export function withNews(lines: Lines, { kase, of, errors, kept, place }: News): Lines {
  const held = lines.get(kase.case_id);
  const latest = held && held.kase.sequence > kase.sequence ? held.kase : kase;
  return new Map(lines).set(kase.case_id, { kase: latest, errors: { ...held?.errors, [of]: errors }, kept: kept ?? held?.kept ?? [], place: held?.place ?? place });
}

export function inOrder(lines: Lines): Line[] {
  return [...lines.values()].sort((one, other) => (one.place ?? Infinity) - (other.place ?? Infinity) || 0);
}

export function errorsOf({ errors }: Line): string[] {
  return Object.values(errors).flat();
}

/** A line whose name was not taken is found by its passport. */
export function nameOf(kase: CaseView): string {
  const { surname, given_names } = answersOf(kase, "traveller");
  return [surname, given_names].filter(Boolean).join(" ") || passportOf(kase) || v("companions.nameless");
}

export function passportOf(kase: CaseView): string {
  return String(answersOf(kase, "travel_document")["number"] ?? "");
}

function answersOf(kase: CaseView, section: string) {
  return kase.sections.find(({ id }) => id === section)?.answers ?? {};
}
