import type { Answer, Answers, CaseSection, CaseView, Procedure } from "../../shared/contract.ts";
import { tab } from "../../shared/storage.ts";
import { SHARED, sharedAnswers } from "../cases/shared-sections.ts";
import { factsFor, today } from "../forms/conditions.ts";
import { fieldsOf, isAsked, withTyped } from "../forms/fields.ts";
import type { Traveller } from "./roster.ts";

/** What a line of the list changes in its application. */
export interface Change {
  /** Sections to be saved, each with all of its answers. */
  save: [section: string, answers: Answers][];
  /** Sections that are filled in, say something else than the list, and stay as they are. */
  kept: string[];
}

/**
 * What is filled in stays, whoever filled it in: the same list is sent again to go on. A cell that says something else
 * than it said before is meant to replace the answer; an empty one says nothing. What is not filled in yet is taken from
 * the line and, of what a group shares, from its first application (`model`).
 */
export function changeBy(traveller: Traveller, kase: CaseView, model: CaseView | null, procedure: Procedure): Change {
  const change: Change = { save: [], kept: [] };
  for (const id of new Set([...Object.keys(traveller.sections), ...SHARED])) {
    const said = traveller.sections[id] ?? {};
    const held = sectionOf(kase, id);
    if (held?.status === "done") {
      const news = newsOf(kase.case_id, id, said);
      if (Object.keys(news).length) change.save.push([id, joined(held.answers, news, id, kase, procedure)]);
      if (Object.entries(said).some(([field, answer]) => !(field in news) && !alike(answer, held.answers[field]))) change.kept.push(id);
    } else {
      const first = sharedBy(model, kase, held, id);
      if (first || Object.keys(said).length) change.save.push([id, joined(first ?? held?.answers ?? {}, said, id, kase, procedure)]);
    }
  }
  return change;
}

function sectionOf(kase: CaseView, id: string): CaseSection | undefined {
  return kase.sections.find((section) => section.id === id);
}

function sharedBy(model: CaseView | null, kase: CaseView, held: CaseSection | undefined, id: string): Answers | undefined {
  if (!model || model.case_id === kase.case_id || !SHARED.includes(id) || held?.status === "not_needed") return undefined;
  const first = sectionOf(model, id);
  return first?.status === "done" ? sharedAnswers(first.answers) : undefined;
}

/** The answers with the list's on top; those that are asked no more because of it are left out, as a form leaves them out. */
function joined(base: Answers, said: Answers, id: string, kase: CaseView, procedure: Procedure): Answers {
  const answers: Answers = { ...base, ...said };
  const section = procedure.sections.find((each) => each.id === id);
  if (!section) return answers;
  const saved = Object.fromEntries(kase.sections.map((each) => [each.id, each.answers]));
  const facts = withTyped(factsFor(saved, today(), procedure.age_reached), id, answers);
  const unasked = fieldsOf(section, kase).filter((field) => !isAsked(field, facts) && !(field.name in said)).map(({ name }) => name);
  return Object.fromEntries(Object.entries(answers).filter(([field]) => !unasked.includes(field)));
}

/** What the list said of a section when it was last sent from this tab. */
const placeOf = (caseId: string, section: string) => `ryoji.said.${caseId}.${section}`;

export function rememberSaid(caseId: string, { sections }: Traveller, refused: ReadonlySet<string>): void {
  for (const [section, said] of Object.entries(sections)) if (!refused.has(section)) tab.set(placeOf(caseId, section), JSON.stringify(said));
}

/** The cells that say something else than they did; none where it is not known what they said. */
function newsOf(caseId: string, section: string, said: Answers): Answers {
  const before = tab.get(placeOf(caseId, section));
  if (before === null) return {};
  const known = JSON.parse(before) as Answers;
  return Object.fromEntries(Object.entries(said).filter(([field, answer]) => known[field] !== answer));
}

/** The server keeps answers in forms of its own: width, spaces, capitals and how an unknown day is written make no difference. */
function alike(one: Answer, other: Answer | undefined): boolean {
  return plain(one) === plain(other);
}

function plain(answer: Answer | undefined): string {
  return String(answer ?? "").normalize("NFKC").replace(/\s+/g, " ").trim().toUpperCase().replace(/(?<=-)00(?=-|$)/g, "XX");
}
