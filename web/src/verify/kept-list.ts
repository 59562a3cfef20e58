import { signal } from "@preact/signals";
import { isSame } from "./seal/bytes.ts";
import { readTrust, type Trust } from "./seal/trust.ts";

const LIST = "/trust/list.json";
const KEPT = "ryoji-trust-list";
const FETCHED = "x-ryoji-fetched";
/** Before a check the list is asked for anew when the last answer is older than this. */
const FRESH_MILLISECONDS = 60_000;

export interface KeptList {
  trust: Trust;
  fetched: Date;
}

/** The list that is believed now, with when it was last fetched; null before there was one. */
export const kept = signal<KeptList | null>(null);
/** `refused`: a list came that none of the authorities signed that are believed. */
export const fetching = signal<"no" | "now" | "failed" | "refused">("no");

/** Takes the list that this browser keeps, so that the page works without a network. */
export async function takeKept(): Promise<void> {
  try {
    const answer = await (await caches.open(KEPT)).match(LIST);
    const fetched = new Date(answer?.headers.get(FETCHED) ?? "");
    if (answer && !Number.isNaN(fetched.getTime())) kept.value = { trust: await readTrust(await answer.text()), fetched };
  } catch {
    // A damaged copy, or a browser that keeps nothing: the list comes from the network.
  }
}

let underWay: Promise<void> | null = null;

/** Fetches the published list, once at a time. One that is damaged, of a stranger, or older than the kept one changes nothing. */
export function fetchList(): Promise<void> {
  underWay ??= fetchNow().finally(() => {
    underWay = null;
  });
  return underWay;
}

async function fetchNow(): Promise<void> {
  fetching.value = "now";
  try {
    const answer = await fetch(LIST, { cache: "no-cache", signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error(`trust list: ${answer.status}`);
    const text = await answer.text();
    const trust = await readTrust(text);
    if (kept.value && !isNamedBy(kept.value.trust, trust)) {
      fetching.value = "refused";
      return;
    }
    if (kept.value && trust.issued < kept.value.trust.issued) throw new Error("trust list: older than the kept one");
    kept.value = { trust, fetched: new Date() };
    fetching.value = "no";
    await keep(text, kept.value.fetched);
  } catch {
    fetching.value = "failed";
  }
}

/** A list that names a new authority is signed by one that is believed already: from then on the new one is believed too. */
function isNamedBy(believed: Trust, { signer }: Trust): boolean {
  return believed.authorities.some(({ certificate }) => isSame(certificate.der, signer.der));
}

/** Fetches the list where it is old, and waits for the one that is on its way. */
export async function fetchWhenOld(): Promise<void> {
  if (underWay) return underWay;
  const age = kept.value ? Date.now() - kept.value.fetched.getTime() : Infinity;
  if (navigator.onLine && age > FRESH_MILLISECONDS) await fetchList();
}

async function keep(text: string, fetched: Date): Promise<void> {
  try {
    const answer = new Response(text, { headers: { "Content-Type": "application/json", [FETCHED]: fetched.toISOString() } });
    await (await caches.open(KEPT)).put(LIST, answer);
  } catch {
    // Private windows may keep nothing; the page then needs its network.
  }
}
