/** The console's one API client, and who is signed in. */

import { signal } from "@preact/signals";
import { type Api, createApi, Problem } from "../shared/api.ts";
import { language } from "../shared/language.ts";
import type { Settings } from "../shared/settings.ts";
import type { Me } from "./desk.ts";
import { accessToken, renewSession, signOut } from "./session.ts";

export const me = signal<Me | null>(null);

let client: Api | undefined;

export function connect(settings: Settings): void {
  client = createApi({
    base: settings.api,
    language: () => language.value,
    token: accessToken,
    renew: renewSession,
  });
}

export function desk(): Api {
  if (!client) throw new Error("connect() first");
  return client;
}

/** Reads who the officer is. An account of the pool that is no officer is signed out again. */
export async function readMe(): Promise<void> {
  try {
    me.value = await desk().get<Me>("/desk/me");
  } catch (error) {
    if (error instanceof Problem && error.status === 403) await signOut("not_officer");
    throw error;
  }
}

export function mayBe(role: string): boolean {
  return me.value?.roles.includes(role) ?? false;
}

/** Another action was recorded first, or the case no longer stands where the page thought: read it again. */
export function isConflict(error: unknown): boolean {
  return error instanceof Problem && error.status === 409;
}
