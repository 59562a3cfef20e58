import type { FieldProblem } from "../../shared/api.ts";
import type { Procedure } from "../../shared/contract.ts";

/**
 * What the server would not take, with the name of what it is about: where no field stands beside it, "please fill this
 * in" says nothing. A text that has the name already is left as it is.
 */
export function withLabel({ pointer, detail }: FieldProblem, procedure: Procedure): string {
  const label = labelOf(pointer, procedure);
  return !label || detail.includes(label) ? detail : `${label}: ${detail}`;
}

/** `/sections/contact/email`, `/sections/contact`, `/documents/portrait` → the title that the person knows it by. */
function labelOf(pointer: string, procedure: Procedure): string | undefined {
  const [kind, name, field = ""] = pointer.split("/").filter(Boolean);
  if (kind === "documents") return procedure.documents.find(({ id }) => id === name)?.title;
  if (kind !== "sections") return undefined;
  const section = procedure.sections.find(({ id }) => id === name);
  return section?.schema.properties[field]?.title ?? section?.title;
}
