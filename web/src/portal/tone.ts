import type { Tone } from "../shared/components/index.ts";
import type { CaseStatus } from "../shared/contract.ts";

const TONES: Record<CaseStatus, Tone> = {
  draft: "neutral",
  checking: "blue",
  in_review: "blue",
  correction: "yellow",
  payment: "yellow",
  production: "blue",
  collection: "green",
  issuance: "blue",
  completed: "green",
  issued: "green",
  refused: "red",
  withdrawn: "neutral",
  lapsed: "neutral",
};

/** The colour that repeats what a status says; yellow waits for the applicant. */
export function toneOf(status: CaseStatus): Tone {
  return TONES[status] ?? "neutral";
}
