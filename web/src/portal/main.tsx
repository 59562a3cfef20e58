import { effect } from "@preact/signals";
import { render } from "preact";
import { describe, language as currentLanguage, languageOfPath, pathInLanguage, preferredLanguage, type Language } from "../shared/language.ts";
import { device, tab } from "../shared/storage.ts";
import { changeLanguage } from "../shared/texts.ts";
import { App } from "./app.tsx";
import { fetchSettings } from "./connection.ts";
import { AFTER_SIGN_OUT, resumeSession } from "./session/session.ts";

/** Paths that stand outside the languages: the sign-in's return. */
const WITHOUT_LANGUAGE = ["/signed-in"];

const LAST_LANGUAGE = "ryoji-language";

function firstLanguage(): Language {
  const known = languageOfPath(window.location.pathname);
  return known ?? preferredLanguage([device.get(LAST_LANGUAGE) ?? "", ...navigator.languages]);
}

function correctAddress(language: Language): void {
  const { pathname, search, hash } = window.location;
  if (languageOfPath(pathname) || WITHOUT_LANGUAGE.includes(pathname)) return;
  const afterSignOut = pathname === "/" && tab.get(AFTER_SIGN_OUT);
  tab.remove(AFTER_SIGN_OUT);
  history.replaceState(null, "", afterSignOut || pathInLanguage(pathname, language) + search + hash);
}

const language = firstLanguage();
correctAddress(language);
resumeSession();
// Without its settings the site still explains itself; whoever needs them asks again.
fetchSettings().catch(() => undefined);
await changeLanguage(languageOfPath(window.location.pathname) ?? language);
effect(() => {
  const { code, direction } = describe(currentLanguage.value);
  document.documentElement.lang = code;
  document.documentElement.dir = direction;
  device.set(LAST_LANGUAGE, code);
});
const place = document.getElementById("app");
if (place) render(<App />, place);
