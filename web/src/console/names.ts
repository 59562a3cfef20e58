/** Names for what the API calls by a code: the console's own short word, else what the API says. */

import type { CaseDocument, Finding } from "./desk.ts";
import { c, textOfCode } from "./texts.ts";

export function nameOfCheck(finding: Finding): string {
  const known = textOfCode("check", finding.check);
  return known === finding.check ? (finding.title ?? known) : known;
}

export function nameOfDocument(document: Pick<CaseDocument, "id" | "title">): string {
  return document.id === "counter_picture" ? c("handover.counter_picture") : document.title;
}
