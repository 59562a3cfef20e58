import type { DeskCase } from "../desk.ts";

/** Something that the applicant can be asked to mend. */
export interface Item {
  item: string;
  title: string;
  /** What the checks already say about it, in the applicant's own language. */
  suggestion: string;
}

/** A document as the procedure's description has it. */
export interface Described {
  id: string;
  title: string;
  supply: string;
}

/** Everything that may be asked for: also what is not asked of this applicant by itself, such as papers that a family sends once. */
export function correctionItems(file: DeskCase, described: Described[]): Item[] {
  const shown = new Set(file.documents.map(({ id }) => id));
  const asked = file.documents
    .filter((document) => document.supply === "upload" && document.id !== "counter_picture")
    .map((document) => ({ item: `documents/${document.id}`, title: document.title, suggestion: file.advice[document.id] ?? "" }));
  const others = described
    .filter(({ id, supply }) => supply === "upload" && !shown.has(id))
    .map(({ id, title }) => ({ item: `documents/${id}`, title, suggestion: "" }));
  const sections = file.sections
    .filter((section) => section.status !== "not_needed" && Object.keys(section.answers).length > 0)
    .map((section) => ({ item: `sections/${section.id}`, title: section.title, suggestion: "" }));
  return [...asked, ...others, ...sections];
}
