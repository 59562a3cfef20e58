/** The loaded part of a queue. It outlives the screen, so that coming back from a case finds it as it was. */

import { batch, signal } from "@preact/signals";
import { language } from "../../shared/language.ts";
import { desk } from "../connection.ts";
import type { DeskCase, QueueRow } from "../desk.ts";
import { EVERYTHING, type QueueFilter } from "./rows.ts";

export const STATUSES = [
  "in_review",
  "correction",
  "checking",
  "payment",
  "production",
  "collection",
  "issuance",
  "completed",
  "issued",
  "refused",
  "withdrawn",
  "lapsed",
] as const;

export type QueueStatus = (typeof STATUSES)[number];

export const queueDesk = signal("");
export const queueStatus = signal<QueueStatus>("in_review");
export const queueFilter = signal<QueueFilter>(EVERYTHING);
export const rows = signal<QueueRow[]>([]);
export const cursor = signal<string | null>(null);
export const loading = signal(false);
export const failure = signal<unknown>(null);
/** What the loaded rows are an answer to; empty when nothing was loaded. */
export const loadedFor = signal("");

let turn = 0;

/** True when the rows on hand answer what is asked for now, in the language of the page. */
export function isLoaded(): boolean {
  return loadedFor.value === `${language.value} ${question()}`;
}

function question(at = queueDesk.value): string {
  const mine = String(queueFilter.value.whose === "mine");
  return `${at}?${new URLSearchParams({ status: queueStatus.value, mine })}`;
}

interface Page {
  rows: QueueRow[];
  cursor: string | null;
  /** What it is an answer to, as `loadedFor` has it. */
  answers: string;
}

/** For who has not said at which desk they work: the first at which something waits, or the first of all. */
export async function chooseDesk(desks: readonly string[]): Promise<void> {
  const mine = ++turn;
  loading.value = true;
  const { chosen, page } = await firstWaiting(desks);
  if (mine !== turn) return;
  batch(() => {
    loading.value = false;
    queueDesk.value = chosen;
    if (page) take(page);
  });
}

async function firstWaiting(desks: readonly string[]): Promise<{ chosen: string; page?: Page }> {
  const [first = "", ...others] = desks;
  if (others.length === 0) return { chosen: first };
  try {
    for (const chosen of desks) {
      const page = await ask(question(chosen));
      if (page.rows.length > 0) return { chosen, page };
    }
  } catch {
    // What is wrong is said when the queue itself is asked for.
  }
  return { chosen: first };
}

async function ask(asked: string, from = ""): Promise<Page> {
  const answers = `${language.value} ${asked}`;
  return { ...(await desk().get<Omit<Page, "answers">>(`/desk/queues/${asked}${from}`)), answers };
}

function take(page: Page, more = false): void {
  batch(() => {
    rows.value = more ? merged(rows.value, page.rows) : page.rows;
    cursor.value = page.cursor;
    loadedFor.value = page.answers;
  });
}

/** Loads the first page, or the one after the last loaded. An answer that is no longer wanted is dropped. */
export async function loadRows(more = false): Promise<void> {
  const mine = ++turn;
  const from = more && cursor.value ? `&cursor=${encodeURIComponent(cursor.value)}` : "";
  batch(() => {
    loading.value = true;
    failure.value = null;
  });
  try {
    const page = await ask(question(), from);
    if (mine === turn) take(page, more);
  } catch (error) {
    if (mine === turn) failure.value = error;
  } finally {
    if (mine === turn) loading.value = false;
  }
}

/** What a command answered about one case is at once true of its row. */
export function refreshRow(file: DeskCase): void {
  rows.value = rows.value.map((row) =>
    row.case_id === file.case_id
      ? { ...row, claimed_by: file.claimed_by, status: file.status, status_text: file.status_text, due: file.due, permission: file.permission?.status ?? null }
      : row,
  );
}

/** A case that changed its place between two pages must not stand there twice. */
function merged(before: QueueRow[], after: QueueRow[]): QueueRow[] {
  const fresh = new Set(after.map((row) => row.case_id));
  return [...before.filter((row) => !fresh.has(row.case_id)), ...after];
}

export function forgetQueue(): void {
  turn += 1;
  batch(() => {
    queueDesk.value = "";
    queueStatus.value = "in_review";
    queueFilter.value = EVERYTHING;
    rows.value = [];
    cursor.value = null;
    loadedFor.value = "";
    loading.value = false;
    failure.value = null;
  });
}
