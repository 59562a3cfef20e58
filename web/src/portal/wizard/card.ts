import { language } from "../../shared/language.ts";
import type { Signature } from "../../shared/contract.ts";
import { tab } from "../../shared/storage.ts";
import { fetchSettings } from "../connection.ts";

/** Asking the holder's card for a signature: in a window on a desktop, by a redirect on a telephone. */

export interface CardRequest {
  purpose: "read" | "sign";
  /** SHA-256, hex. */
  digest: string;
  title: string;
}

export type CardAnswer = { signature: Signature } | { error: "cancelled" | "locked" | "blocked" };

const PENDING = "ryoji.card";

/** Windows are awkward on a telephone, where the card is held to the device itself. */
export function prefersRedirect(): boolean {
  return window.matchMedia("(pointer: coarse) and (max-width: 48rem)").matches;
}

/**
 * Opens the card's window at once, as browsers allow only in answer to a press, and asks it when `prepare` is done.
 * `{error: "blocked"}` means that no window came up: then take the redirect.
 */
export async function askInWindow(cardUrl: string, prepare: () => Promise<CardRequest>): Promise<CardAnswer> {
  const request = crypto.randomUUID();
  const address = new URL(cardUrl, window.location.href);
  address.search = new URLSearchParams({ request, language: language.value }).toString();
  const popup = window.open(address, "card", "popup,width=560,height=820");
  if (!popup) return { error: "blocked" };
  try {
    return await converse(popup, address.origin, request, await prepare());
  } finally {
    popup.close();
  }
}

function converse(popup: Window, cardOrigin: string, request: string, asked: CardRequest): Promise<CardAnswer> {
  return new Promise((resolve) => {
    const watch = setInterval(() => popup.closed && end({ error: "cancelled" }), 500);
    const end = (answer: CardAnswer) => {
      clearInterval(watch);
      removeEventListener("message", hear);
      resolve(answer);
    };
    const hear = ({ origin, source, data }: MessageEvent) => {
      if (origin !== cardOrigin || source !== popup || data?.request !== request) return;
      if (data.type === "card.ready") popup.postMessage({ type: "card.request", request, ...asked, language: language.value }, cardOrigin);
      if (data.type === "card.answer") end(data.error ? { error: data.error } : { signature: data.signature });
    };
    addEventListener("message", hear);
  });
}

interface Pending {
  state: string;
  purpose: CardRequest["purpose"];
  page: string;
}

/** Leaves for the card's page; the answer comes back to this very page (see `answerFromRedirect`). */
export async function askByRedirect({ purpose, digest, title }: CardRequest): Promise<void> {
  const { card } = await fetchSettings();
  const state = crypto.randomUUID();
  const here = window.location.origin + window.location.pathname + window.location.search;
  tab.set(PENDING, JSON.stringify({ state, purpose, page: window.location.pathname } satisfies Pending));
  const address = new URL(card.url, window.location.href);
  address.search = new URLSearchParams({ return: here, state, purpose, digest, title, language: language.value }).toString();
  window.location.assign(address);
}

/** The answer that a redirect has brought back to this page, once; null when there is none or it was not asked for. */
export function answerFromRedirect(purpose: CardRequest["purpose"]): CardAnswer | null {
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  const stored = tab.get(PENDING);
  if (!fragment.has("state") || !stored) return null;
  const pending = JSON.parse(stored) as Pending;
  tab.remove(PENDING);
  history.replaceState(null, "", window.location.pathname + window.location.search);
  if (pending.state !== fragment.get("state") || pending.purpose !== purpose || pending.page !== window.location.pathname) return null;
  const error = fragment.get("error");
  if (error) return { error: error === "locked" ? "locked" : "cancelled" };
  return { signature: { format: "cms", value: fragment.get("signature") ?? "" } };
}
