/** What an officer says of a hit, and what may become of an issued permission: rules without a screen. */

import type { Hit, PermissionState, Verdict } from "../desk.ts";

/** In the order of the buttons. */
export const VERDICTS: readonly Verdict[] = ["same_person", "other_person", "not_relevant"];

/** Hits that nobody has decided yet; nothing is proposed before. */
export function openHits(hits: readonly Hit[]): Hit[] {
  return hits.filter((hit) => hit.verdict === null);
}

export type Change = "revoked" | "cancelled" | "replaced" | "active";

/** From where to where an officer may take a permission; the API holds to the same. What is over stays over. */
export function changesOf(status: PermissionState): Change[] {
  if (status === "active") return ["revoked", "cancelled", "replaced"];
  if (status === "revoked") return ["active"];
  if (status === "used") return ["revoked"];
  return [];
}
