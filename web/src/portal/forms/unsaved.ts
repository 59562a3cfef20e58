import type { Answers } from "../../shared/contract.ts";
import { tab } from "../../shared/storage.ts";

/** What is typed on a page, with the saved answers that the page began with: only by them is it seen that another device has saved others. */
export interface Unsaved {
  typed: Answers;
  base: Answers;
}

/**
 * What is typed on a page and not saved yet, kept in this tab: a lost session or a reload does not lose it.
 * It goes when the page is saved, and with the session (`forgetSession`).
 */
const key = (caseId: string, section: string) => `ryoji.unsaved.${caseId}.${section}`;

export function keepUnsaved(caseId: string, section: string, unsaved: Unsaved): void {
  tab.set(key(caseId, section), JSON.stringify(unsaved));
}

export function unsavedOf(caseId: string, section: string): Unsaved | null {
  const { typed, base } = JSON.parse(tab.get(key(caseId, section)) ?? "{}") as Partial<Unsaved>;
  return typed && base ? { typed, base } : null;
}

export function dropUnsaved(caseId: string, section: string): void {
  tab.remove(key(caseId, section));
}

/** An agency's list of travellers, as it was put on the page of a group, or of one that has not begun. */
const listKey = (agency: string, group: string | null) => `ryoji.unsaved-list.${agency}.${group ?? ""}`;

export function keepUnsavedList(agency: string, group: string | null, text: string): void {
  tab.set(listKey(agency, group), text);
}

export function unsavedListOf(agency: string, group: string | null): string {
  return tab.get(listKey(agency, group)) ?? "";
}

export function dropUnsavedList(agency: string, group: string | null): void {
  tab.remove(listKey(agency, group));
}
