import type { Tone } from "../shared/components/index.ts";
import type { CaseStatus, PermissionStatus } from "../shared/contract.ts";
import { toneOfPermission } from "./wallet/permission-tone.ts";

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

/** The colour that repeats what a status says; yellow waits for the applicant. What was issued may have ended since. */
export function toneOf(status: CaseStatus, permission: PermissionStatus | null): Tone {
  return permission ? toneOfPermission(permission) : (TONES[status] ?? "neutral");
}
