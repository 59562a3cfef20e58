import type { CaseDocument } from "../../shared/contract.ts";
import type { Tone } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";

const TONES = { missing: "neutral", received: "blue", checked: "green", attention: "yellow", mend: "red" } as const;

/** Where a document stands, as a tag says it. */
export function documentState({ status, required }: Pick<CaseDocument, "status" | "required">): { tone: Tone; text: string } {
  const text = status === "missing" && !required ? c("state.document.optional") : c(`state.document.${status}`);
  return { tone: TONES[status], text };
}
