/**
 * The officer's session.
 *
 * The access token lives in memory only. The refresh token is also kept in the tab's sessionStorage: without it a
 * reload (or a crashed tab) would throw the officer back to the sign-in in the middle of written reasons, and the
 * authenticator's code cannot be used twice within its half minute. It is gone with the tab and at sign-out.
 */

import { signal } from "@preact/signals";
import { type CognitoPlace, renew, revoke, SignInProblem, type Tokens } from "./sign-in/cognito.ts";

export type SignedOutBecause = "never" | "chosen" | "idle" | "expired" | "not_officer";

interface Session {
  username: string;
  access: string;
  refresh: string;
  endsAt: number;
}

const STORED = "ryoji.console.session";
const DRAFTS = "ryoji.console.draft.";
const RENEW_BEFORE_END = 60_000;
const TRY_AGAIN_AFTER = 15_000;

const session = signal<Session | null>(null);
export const signedOutBecause = signal<SignedOutBecause>("never");

let place: CognitoPlace = { url: "", clientId: "" };
let timer: ReturnType<typeof setTimeout> | undefined;
let renewing: Promise<boolean> | undefined;

export function isSignedIn(): boolean {
  return session.value !== null;
}

export function signedInAs(): string {
  return session.value?.username ?? "";
}

/** Names the pool, and takes up the session that a reload interrupted. Throws when the pool cannot be reached: try again. */
export async function resumeSession(officersPool: CognitoPlace): Promise<void> {
  place = officersPool;
  const stored = readStored();
  if (!stored) return;
  try {
    open(stored.username, await renew(place, stored.refresh));
  } catch (error) {
    if (!hasEnded(error)) throw error;
    forget();
    signedOutBecause.value = "expired";
  }
}

export function cognitoPlace(): CognitoPlace {
  return place;
}

export function open(username: string, tokens: Tokens): void {
  const endsAt = Date.now() + tokens.lifetime * 1000;
  session.value = { username, access: tokens.access, refresh: tokens.refresh, endsAt };
  sessionStorage.setItem(STORED, JSON.stringify({ username, refresh: tokens.refresh }));
  schedule(Math.max(tokens.lifetime * 1000 - RENEW_BEFORE_END, tokens.lifetime * 500));
}

export async function accessToken(): Promise<string | null> {
  const now = session.value;
  if (!now) return null;
  // A laptop that slept past the timer wakes up with an ended token.
  if (now.endsAt <= Date.now()) await renewSession();
  return session.value?.access ?? null;
}

/** True when there is a fresh access token. Several callers at once share one renewal. */
export function renewSession(): Promise<boolean> {
  renewing ??= renewOnce().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** Ends the session here and in the pool. What was typed stays in the tab unless the officer chose to leave. */
export async function signOut(because: SignedOutBecause): Promise<void> {
  const ended = session.value;
  forget();
  signedOutBecause.value = because;
  if (because === "chosen") forgetDrafts();
  if (ended) await revoke(place, ended.refresh).catch(() => undefined);
}

export function draftKey(form: string): string {
  return `${DRAFTS}${signedInAs()}.${form}`;
}

async function renewOnce(): Promise<boolean> {
  const now = session.value;
  if (!now) return false;
  try {
    open(now.username, await renew(place, now.refresh));
    return true;
  } catch (error) {
    if (hasEnded(error)) {
      forget();
      signedOutBecause.value = "expired";
    } else {
      schedule(TRY_AGAIN_AFTER);
    }
    return false;
  }
}

/** The pool says that the session is over; a pool that does not answer says nothing. */
function hasEnded(error: unknown): boolean {
  return error instanceof SignInProblem && error.code !== "unreachable" && error.code !== "too_many";
}

function schedule(milliseconds: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void renewSession(), milliseconds);
}

function forget(): void {
  clearTimeout(timer);
  session.value = null;
  sessionStorage.removeItem(STORED);
}

function forgetDrafts(): void {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(DRAFTS))
    .forEach((key) => sessionStorage.removeItem(key));
}

function readStored(): { username: string; refresh: string } | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "null");
    return stored && typeof stored.refresh === "string" ? stored : null;
  } catch {
    return null;
  }
}
