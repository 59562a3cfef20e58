import { signal } from "@preact/signals";
import { fetchList, fetchWhenOld, kept } from "./kept-list.ts";
import { keepEnd, knownEnd } from "./known-ends.ts";
import { ASKING, askOnline, NOBODY_ASKED, type OnlineAnswer } from "./online.ts";
import type { Content } from "./seal/profile.ts";
import type { Trust } from "./seal/trust.ts";
import { verify, type Verdict } from "./seal/verification.ts";

/** One seal as it was judged: by what list, and what the service said. */
export interface Result {
  /** Of which reading it is: the same while more becomes known of one seal. */
  reading: number;
  at: Date;
  verdict: Verdict;
  /** When the list was made that it was judged by. */
  listIssued: Date;
  online: OnlineAnswer;
}

export const result = signal<Result | "no_list" | null>(null);
export const checking = signal(false);
let latest = 0;
/** What was judged last, to be judged again by a newer list. */
let read = "";

/** Another seal is being read: what was found of the one before is not shown beside it, and comes no more. */
export function begin(): number {
  latest += 1;
  read = "";
  checking.value = false;
  result.value = null;
  return latest;
}

/** Whether nothing else was begun since. */
export const isLatest = (reading: number): boolean => reading === latest;

/** Judges a text by the list that is here, then by the newest that can be had and with what the service says. */
export async function check(text: string): Promise<void> {
  const reading = begin();
  read = text;
  checking.value = true;
  try {
    for await (const found of judged(text)) {
      if (!isLatest(reading)) return;
      result.value = found === "no_list" ? found : { reading, ...found };
    }
  } finally {
    if (isLatest(reading)) checking.value = false;
  }
}

/** Fetches the newest list, and judges by it what is shown; a check that is under way takes it by itself. */
export async function fetchAndCheckAgain(): Promise<void> {
  await fetchList();
  if (read && !checking.value) await check(read);
}

/** First what can be said at once, then the whole of it. */
async function* judged(text: string): AsyncGenerator<Omit<Result, "reading"> | "no_list"> {
  let answer: Promise<OnlineAnswer> | undefined;
  for (;;) {
    const believed = kept.value;
    const found = believed && (await judgedBy(believed.trust, text));
    const genuine = found && isGenuine(found.verdict) ? (found.verdict.content as Content) : null;
    if (genuine) answer ??= ask(text, genuine);
    if (found) yield { ...found, online: genuine ? { ...ASKING, ...(await knownEnd(genuine)) } : NOBODY_ASKED };
    await fetchWhenOld();
    const online = genuine && answer ? await answer : NOBODY_ASKED;
    // A list that came meanwhile has the last word.
    if (kept.value !== believed) continue;
    yield found ? { ...found, online } : "no_list";
    return;
  }
}

async function judgedBy(trust: Trust, text: string): Promise<Pick<Result, "at" | "verdict" | "listIssued">> {
  const at = new Date();
  return { at, verdict: await verify(text, trust, at), listIssued: trust.issued };
}

export const isGenuine = ({ status, readable }: Verdict) => status === "VALID" && readable;

/** What the service says; where it cannot be asked, the end that it told of before. */
async function ask(text: string, content: Content): Promise<OnlineAnswer> {
  const answer = await askOnline(text);
  if (answer.permission === "not_checked") return { ...answer, ...(await knownEnd(content)) };
  await keepEnd(content, answer.permission, new Date());
  return answer;
}
