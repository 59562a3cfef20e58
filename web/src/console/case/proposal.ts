/** What an officer writes before proposing, and what is still missing in it. The server judges the same again. */

export interface ProposalDraft {
  outcome: "" | "approve" | "refuse";
  ground: string;
  reasons: string;
  note: string;
}

export const NO_PROPOSAL: ProposalDraft = { outcome: "", ground: "", reasons: "", note: "" };

export type ProposalField = "outcome" | "ground" | "reasons";

/** How a refusal is told: with reasons in writing (Passport Act, art. 14), or without (visas). */
export type RefusalReasons = "written" | "general";

/** Message keys `propose.error.<field>`; a refusal names its ground (art. 13) and, where they are told, its reasons. */
export function missingInProposal(draft: ProposalDraft, told: RefusalReasons): ProposalField[] {
  if (draft.outcome === "") return ["outcome"];
  if (draft.outcome === "approve") return [];
  const missing: ProposalField[] = [];
  if (!draft.ground) missing.push("ground");
  if (told === "written" && !draft.reasons.trim()) missing.push("reasons");
  return missing;
}

/** What is sent: an approval carries neither ground nor reasons, even when they were typed before. */
export function proposalBody(draft: ProposalDraft, told: RefusalReasons): Record<string, string> {
  const note = draft.note.trim();
  const body: Record<string, string> = { outcome: draft.outcome };
  if (draft.outcome === "refuse") {
    body.ground = draft.ground;
    if (told === "written") body.reasons = draft.reasons.trim();
  }
  if (note) body.note = note;
  return body;
}

/** Reasons by item (`documents/portrait`); an item is asked for when its key is there. */
export type CorrectionDraft = Record<string, string>;

export function itemsWithoutReason(draft: CorrectionDraft): string[] {
  return Object.keys(draft).filter((item) => !draft[item]?.trim());
}

export function correctionBody(draft: CorrectionDraft): { items: { item: string; reason: string }[] } {
  return { items: Object.entries(draft).map(([item, reason]) => ({ item, reason: reason.trim() })) };
}
