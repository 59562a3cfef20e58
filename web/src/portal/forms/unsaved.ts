import type { Answers } from "../../shared/contract.ts";

/**
 * What is typed on a page and not saved yet, kept in this tab: a lost session or a reload does not lose it.
 * It goes when the page is saved, and with the session (`forgetSession`).
 */
const key = (caseId: string, section: string) => `ryoji.unsaved.${caseId}.${section}`;

export function keepUnsaved(caseId: string, section: string, typed: Answers): void {
  sessionStorage.setItem(key(caseId, section), JSON.stringify(typed));
}

export function unsavedOf(caseId: string, section: string): Answers | null {
  const text = sessionStorage.getItem(key(caseId, section));
  return text ? (JSON.parse(text) as Answers) : null;
}

export function dropUnsaved(caseId: string, section: string): void {
  sessionStorage.removeItem(key(caseId, section));
}
