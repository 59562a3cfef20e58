import type { Answers } from "../../shared/contract.ts";

/** What travels together has the same, unless it is said otherwise: the journey, who invites, who pays, which mission. */
export const SHARED = ["trip", "host", "funds", "mission"];

/** The answers of such a section for another traveller. A humanitarian reason, which lifts the wait after a refusal, is each one's own. */
export function sharedAnswers(answers: Answers): Answers {
  if (answers["humanitarian"] === undefined) return answers;
  return { ...answers, humanitarian: "none", humanitarian_text: null };
}
