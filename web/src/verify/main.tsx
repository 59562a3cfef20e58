import { effect } from "@preact/signals";
import { render } from "preact";
import { describe, isLanguage, language, languageOfPath, pathInLanguage, preferredLanguage, type Language } from "../shared/language.ts";
import { loadSettings } from "../shared/settings.ts";
import { device } from "../shared/storage.ts";
import { changeLanguage } from "../shared/texts.ts";
import { keepTime } from "./age.ts";
import { App, settings } from "./app.tsx";
import { fetchList, takeKept } from "./kept-list.ts";
import { dropOldEnds } from "./known-ends.ts";
import { keepPage } from "./offline.ts";
import { verifyTexts } from "./texts.ts";
import "./verify.css";

const LAST_LANGUAGE = "ryoji-language";

function firstLanguage(): Language {
  const known = languageOfPath(window.location.pathname);
  return known ?? preferredLanguage([device.get(LAST_LANGUAGE) ?? "", ...navigator.languages]);
}

/** A link to this page in another language only changes its texts: what was found stays, and no network is needed. */
function turn(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[hreflang]") : null;
  const code = link?.hreflang;
  if (!link || !isLanguage(code) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void show(code).then(() => history.pushState(null, "", link.href));
}

async function show(code: Language): Promise<void> {
  await verifyTexts.load(code);
  await changeLanguage(code);
}

const first = firstLanguage();
if (!languageOfPath(window.location.pathname)) history.replaceState(null, "", pathInLanguage("/verify", first));
await show(first);
effect(() => {
  const { code, direction } = describe(language.value);
  document.documentElement.lang = code;
  document.documentElement.dir = direction;
  document.querySelector("link[rel=manifest]")?.setAttribute("href", `/verify.${code}.manifest.json`);
  device.set(LAST_LANGUAGE, code);
});
document.addEventListener("click", turn);
window.addEventListener("popstate", () => void show(languageOfPath(window.location.pathname) ?? first));
window.addEventListener("online", () => void fetchList());
keepTime();
dropOldEnds(new Date());
const place = document.getElementById("app");
if (place) render(<App />, place);
// Without the settings only the note of the sandbox is missing.
loadSettings().then((found) => (settings.value = found), () => undefined);
await takeKept();
await fetchList();
await keepPage();
