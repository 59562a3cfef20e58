import { signal } from "@preact/signals";

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
  const text = sessionStorage.getItem(STORED);
  if (text) openSession(JSON.parse(text) as Stored);
}

export function openSession(fresh: Stored): void {
  stored = fresh;
  sessionStorage.setItem(STORED, JSON.stringify(fresh));
  session.value = { email: fresh.email, expiresAt: fresh.expiresAt };
}

export function forgetSession(): void {
  stored = null;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("ryoji.") || key.startsWith("oidc.")) sessionStorage.removeItem(key);
  }
  session.value = null;
  // A permission that was kept for journeys without a network belongs to whoever signed in here.
  if ("caches" in globalThis) void caches.delete(KEPT_PERMISSIONS);
}

/** The tokens are no good any more. What is typed and not saved stays in the tab until the person is back. */
export function endSession(): void {
  stored = null;
  for (const key of Object.keys(sessionStorage)) {
    if (key === STORED || key.startsWith("oidc.")) sessionStorage.removeItem(key);
  }
  session.value = null;
}

const RENEW_BEFORE = 60;

export async function accessToken(): Promise<string | null> {
  if (!stored) return null;
  if (stored.expiresAt - RENEW_BEFORE < Date.now() / 1000) await renewSession();
  return stored?.access ?? null;
}

let renewing: Promise<boolean> | undefined;

/** A fresh access token for the refresh token. False when the person has to sign in again. */
export function renewSession(): Promise<boolean> {
  if (!stored) return Promise.resolve(false);
  renewing ??= import("./oidc.ts")
    .then((oidc) => oidc.renew())
    .catch(() => false)
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}
