/** The queue's rows as the officer wants to see them: filtered and in order of what falls due first. */

import type { Outcome, QueueRow } from "../desk.ts";

export interface QueueFilter {
  whose: "all" | "mine" | "unclaimed";
  overdue: boolean;
  attention: boolean;
  text: string;
  /** Three letters, or "" for every one. */
  nationality: string;
  /** A family of procedures (passport, visa, authorization), or "" for every one. */
  family: string;
}

export const EVERYTHING: QueueFilter = { whose: "all", overdue: false, attention: false, text: "", nationality: "", family: "" };

export function filterRows(rows: readonly QueueRow[], filter: QueueFilter, officer: string): QueueRow[] {
  return rows.filter((row) => fits(row, filter, officer)).sort(byDue);
}

export function needsAttention(row: QueueRow): boolean {
  return row.flags.includes("attention") || Object.values(row.findings).some((outcome) => outcome !== "pass");
}

/** What can be chosen from: the nationalities of the rows by name, and the one that is chosen even when no row has it. */
export function nationalitiesIn(rows: readonly QueueRow[], chosen: string): { code: string; name: string }[] {
  const names = new Map(chosen ? [[chosen, chosen]] : []);
  for (const row of rows) if (row.nationality) names.set(row.nationality, row.nationality_text ?? row.nationality);
  return [...names].map(([code, name]) => ({ code, name })).sort((a, b) => a.name.localeCompare(b.name));
}

export function familiesIn(rows: readonly QueueRow[], chosen: string): string[] {
  return [...new Set([...(chosen ? [chosen] : []), ...rows.map((row) => row.family)])].sort();
}

/** The gravest outcome first, so that what must be looked at is read first. */
export function findingsInOrder(findings: Record<string, Outcome>): [string, Outcome][] {
  return Object.entries(findings).sort((a, b) => GRAVITY[b[1]] - GRAVITY[a[1]] || a[0].localeCompare(b[0]));
}

const GRAVITY: Record<Outcome, number> = { pass: 0, review: 1, unavailable: 2, fail: 3 };

function fits(row: QueueRow, filter: QueueFilter, officer: string): boolean {
  if (filter.whose === "mine" && row.claimed_by?.officer !== officer) return false;
  if (filter.whose === "unclaimed" && row.claimed_by) return false;
  if (filter.overdue && !row.overdue) return false;
  if (filter.attention && !needsAttention(row)) return false;
  if (filter.nationality && row.nationality !== filter.nationality) return false;
  if (filter.family && row.family !== filter.family) return false;
  const wanted = folded(filter.text);
  return wanted === "" || folded(row.reference ?? "").includes(wanted) || folded(row.applicant ?? "").includes(wanted);
}

/** Full and half width, capitals, spaces and the hyphens of a reference must not decide whether a person is found. */
function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[\s‐-―ー-]/g, "");
}

/** Earliest due first; what has no date comes last; then the older submission. */
function byDue(a: QueueRow, b: QueueRow): number {
  return (a.due ?? "9").localeCompare(b.due ?? "9") || (a.submitted_at ?? "").localeCompare(b.submitted_at ?? "");
}
