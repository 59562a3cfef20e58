/** What an officer says of a hit, what wants their eye, and what may become of a permission: rules without a screen. */

import type { CaseSection, Finding, Hit, PermissionState, Verdict } from "../desk.ts";

/** In the order of the buttons. Of what names no other record there is no question whose it is, but what it means. */
export function verdictsOf(kind: string): readonly Verdict[] {
  if (kind === "declared" || kind === "crowded") return ["relevant", "not_relevant"];
  return ["same_person", "other_person", "not_relevant"];
}

/** Whether something could not be asked when the case was screened last (the newest finding first): nothing is approved then. */
export function lacksScreening(findings: readonly Finding[]): boolean {
  return findings.find(({ check }) => check === "screening")?.outcome === "unavailable";
}

/** Hits that nobody has decided yet; nothing is proposed before. */
export function openHits(hits: readonly Hit[]): Hit[] {
  return hits.filter((hit) => hit.verdict === null);
}

/** The humanitarian reason that the applicant gives, as the form has it: it wants an officer's eye, and soon. */
export function humanitarianReason(sections: readonly CaseSection[]): string | null {
  const reason = sections.find(({ id }) => id === "mission")?.answers["humanitarian"];
  return typeof reason === "string" && reason !== "none" ? reason : null;
}

/** `active` undoes a revocation: what was used before it is used again. */
export type Change = "revoked" | "cancelled" | "replaced" | "active";

/** From where to where an officer may take a permission; the API holds to the same. What is over stays over. */
export function changesOf(status: PermissionState): Change[] {
  if (status === "active") return ["revoked", "cancelled", "replaced"];
  if (status === "revoked") return ["active"];
  if (status === "used") return ["revoked"];
  return [];
}
