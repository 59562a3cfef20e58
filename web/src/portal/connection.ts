import { signal } from "@preact/signals";
import { createApi, Unreachable, type Api } from "../shared/api.ts";
import { language } from "../shared/language.ts";
import { loadSettings, type Settings } from "../shared/settings.ts";
import { accessToken, endSession, renewSession } from "./session/session.ts";

/** What the deployment says; null until it is fetched. */
export const settings = signal<Settings | null>(null);

let client: Api | undefined;

/** The API's client. Every page may call it: it waits for the settings. */
export async function api(): Promise<Api> {
  const known = await fetchSettings();
  client ??= createApi({
    base: known.api,
    language: () => language.value,
    token: accessToken,
    renew: renewOrEnd,
  });
  return client;
}

/** When the session is over the page's guard leads to the sign-in, and back to this page; without a network nothing is over. */
async function renewOrEnd(): Promise<boolean> {
  const renewal = await renewSession();
  if (renewal === "unreachable") throw new Unreachable("offline");
  if (renewal === "ended") endSession();
  return renewal === "ok";
}

export async function fetchSettings(): Promise<Settings> {
  settings.value = await loadSettings();
  return settings.value;
}
