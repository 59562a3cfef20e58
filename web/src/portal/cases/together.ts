import { Problem } from "../../shared/api.ts";
import type { CaseList, CaseRow, FamilyRelation } from "../../shared/contract.ts";
import { api } from "../connection.ts";
import { caseNow, refresh } from "./store.ts";

/** What a member of a family is to its first applicant. */
export const RELATIONS: FamilyRelation[] = ["spouse", "child", "parent"];

/** The first one of a group does not itself carry the group's name. */
function isWith(row: CaseRow, group: string): boolean {
  return row.case_id === group || row.group === group;
}

/**
 * All applications that are made together, from as many pages of the caller's as they stand on. The pages begin with
 * what changed last: behind the day on which the group's first one was opened none of the group can stand.
 */
export async function fetchTogether(group: string): Promise<CaseRow[]> {
  const client = await api();
  // What changes between two pages may stand in both.
  const found = new Map<string, CaseRow>();
  let begun: Promise<number | null> | undefined;
  let cursor: string | null = "";
  while (cursor !== null) {
    const { cases, next }: CaseList = await client.get<CaseList>(cursor ? `/cases?cursor=${encodeURIComponent(cursor)}` : "/cases");
    for (const row of cases) if (isWith(row, group)) found.set(row.case_id, row);
    const last = cases.at(-1);
    const since = next && last ? await (begun ??= openedAt(group)) : null;
    cursor = next && last && (since === null || Date.parse(last.updated_at) >= since) ? next : null;
  }
  return [...found.values()];
}

/** When the group's first application was opened; null where it is kept no more. */
async function openedAt(group: string): Promise<number | null> {
  try {
    const { opened_at } = caseNow(group) ?? (await refresh(group));
    return Date.parse(opened_at);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
