import { signal } from "@preact/signals";
import { tab } from "../../shared/storage.ts";

/**
 * Who is signed in, in this tab.
 *
 * The tokens are kept in sessionStorage and not only in memory: the payment page has a content security policy of its
 * own and is therefore another document, and a card on a telephone answers by a redirect; with memory alone each of
 * them, and every reload in the middle of a form, would ask for the password again. sessionStorage belongs to the one
 * tab and ends with it; no script but ours runs where it can be read, save on the payment page.
 */
export interface Session {
  email: string;
  /** Seconds since the epoch. */
  expiresAt: number;
}

export const session = signal<Session | null>(null);

/** The permissions that this device keeps, so that they can be shown without a network. */
export const KEPT_PERMISSIONS = "ryoji-permissions";

const STORED = "ryoji.session";

/** Where the root of the site leads to after a sign-out. */
export const AFTER_SIGN_OUT = "ryoji.after-sign-out";

interface Stored extends Session {
  access: string;
}

let stored: Stored | null = null;

/** Takes up the session that this tab had before a reload or a redirect. */
export function resumeSession(): void {
  const text = tab.get(STORED);
  if (text) openSession(JSON.parse(text) as Stored);
}

export function openSession(fresh: Stored): void {
  stored = fresh;
  tab.set(STORED, JSON.stringify(fresh));
  session.value = { email: fresh.email, expiresAt: fresh.expiresAt };
}

/** The person chose to leave: nothing of theirs stays on the device. */
export function forgetSession(): void {
  stored = null;
  removeWhere((key) => key.startsWith("ryoji.") || key.startsWith("oidc."));
  session.value = null;
  // A permission that was kept for journeys without a network belongs to whoever signed in here.
  if ("caches" in globalThis) void caches.delete(KEPT_PERMISSIONS);
}

/**
 * The session is over, and nobody chose that: the tokens are no good any more, or nothing happened for long. What is
 * typed and not saved stays in the tab until the person is back, and a permission that the device keeps stays there.
 */
export function endSession(): void {
  stored = null;
  removeWhere((key) => key === STORED || key.startsWith("oidc."));
  session.value = null;
}

function removeWhere(meant: (key: string) => boolean): void {
  tab.keys().filter(meant).forEach((key) => tab.remove(key));
}

const RENEW_BEFORE = 60;

export async function accessToken(): Promise<string | null> {
  if (!stored) return null;
  if (stored.expiresAt - RENEW_BEFORE < Date.now() / 1000) await renewSession();
  return stored?.access ?? null;
}

/** `ended`: the person has to sign in again. `unreachable`: nobody could be asked, which says nothing of the session. */
export type Renewal = "ok" | "ended" | "unreachable";

let renewing: Promise<Renewal> | undefined;

/** A fresh access token for the refresh token. */
export function renewSession(): Promise<Renewal> {
  if (!stored) return Promise.resolve("ended");
  renewing ??= import("./oidc.ts")
    .then((oidc) => oidc.renew())
    .catch((): Renewal => "unreachable")
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}
