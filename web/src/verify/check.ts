import { signal } from "@preact/signals";
import { fetchList, fetchWhenOld, kept } from "./kept-list.ts";
import { askOnline, NOBODY_ASKED, type OnlineAnswer } from "./online.ts";
import { verify, type Verdict } from "./seal/verification.ts";

/** One seal as it was judged: by what list, and what the service said. */
export interface Result {
  at: Date;
  verdict: Verdict;
  /** When the list was made that it was judged by. */
  listIssued: Date;
  online: OnlineAnswer;
}

export const result = signal<Result | "no_list" | null>(null);
export const checking = signal(false);
/** What was judged last, to be judged again by a newer list. */
let read = "";

/** Judges a text with the newest list that can be had, and asks the service when the seal is genuine. */
export async function check(text: string): Promise<void> {
  if (checking.value) return;
  checking.value = true;
  read = text;
  try {
    result.value = await judged(text);
  } finally {
    checking.value = false;
  }
}

/** Fetches the newest list, and judges by it what is shown. */
export async function fetchAndCheckAgain(): Promise<void> {
  await fetchList();
  if (read) await check(read);
}

async function judged(text: string): Promise<Result | "no_list"> {
  await fetchWhenOld();
  let answer: OnlineAnswer | undefined;
  for (;;) {
    const believed = kept.value;
    if (!believed) return "no_list";
    const { trust } = believed;
    const at = new Date();
    const verdict = await verify(text, trust, at);
    const genuine = verdict.status === "VALID" && verdict.readable;
    if (genuine) answer ??= await askOnline(text);
    // A list that came meanwhile has the last word.
    if (kept.value === believed) return { at, verdict, listIssued: trust.issued, online: (genuine && answer) || NOBODY_ASKED };
  }
}
