import type { CaseDocument, CaseView, Finding, Outcome } from "../../shared/contract.ts";
import { keep } from "../cases/store.ts";
import { api } from "../connection.ts";

/** The checks that may be asked for as soon as a picture is there; the others belong to the chain. */
const AT_UPLOAD = ["portrait", "travel_document", "image"];

/** Has a picture that was just accepted checked. The case as it is after the last check; null where there is none. */
export async function runChecks(caseId: string, held: CaseDocument): Promise<CaseView | null> {
  const client = await api();
  let after: CaseView | null = null;
  for (const check of held.checks.filter((name) => AT_UPLOAD.includes(name))) {
    const answer = await client.post<{ finding: Finding; case: CaseView }>(`/cases/${caseId}/documents/${held.id}/checks/${check}`, {}, { timeout: 60_000 });
    after = keep(answer.case);
  }
  return after;
}

/** The gravest stands last. */
const GRAVITY: readonly Outcome[] = ["pass", "unavailable", "review", "fail"];

export function gravest(outcomes: Outcome[]): Outcome {
  return GRAVITY.findLast((outcome) => outcomes.includes(outcome)) ?? "pass";
}
