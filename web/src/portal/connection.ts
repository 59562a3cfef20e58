import { signal } from "@preact/signals";
import { createApi, type Api } from "../shared/api.ts";
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

/** When the session cannot be renewed the page's guard leads to the sign-in, and back to this page. */
async function renewOrEnd(): Promise<boolean> {
  if (await renewSession()) return true;
  endSession();
  return false;
}

export async function fetchSettings(): Promise<Settings> {
  settings.value = await loadSettings();
  return settings.value;
}
