import { signal } from "@preact/signals";
import descriptions from "../../messages/languages.json";
import { isTranslated } from "./message-files.ts";

export type Language = keyof typeof descriptions;

export interface LanguageDescription {
  code: Language;
  name: string;
  direction: "ltr" | "rtl";
  locale: string;
  currency: "name" | "narrowSymbol";
}

/** The languages that the site can be read in, named in themselves, in the order in which a reader is offered them. */
export const languages = Object.entries(descriptions)
  .map(([code, rest]) => ({ code, ...rest }) as LanguageDescription)
  .filter(({ code }) => isTranslated(code));

export const DEFAULT_LANGUAGE: Language = "ja";

/** The language of the page. Components that read a text through it are drawn anew when it changes. */
export const language = signal<Language>(DEFAULT_LANGUAGE);

/** The languages in which the procedure of the page has its texts; null where the page is about none. */
export const offered = signal<readonly string[] | null>(null);

export function describe(code: Language): LanguageDescription {
  return { code, ...descriptions[code] } as LanguageDescription;
}

export function isLanguage(code: string | undefined): code is Language {
  return languages.some((language) => language.code === code);
}

/** `/ja/status` → `ja`; undefined when the path names no language of ours. */
export function languageOfPath(path: string): Language | undefined {
  const first = path.split("/")[1];
  return isLanguage(first) ? first : undefined;
}

/** The same page in another language: only the first part of the path differs. */
export function pathInLanguage(path: string, code: Language): string {
  const parts = path.split("/");
  return languageOfPath(path) ? ["", code, ...parts.slice(2)].join("/") : `/${code}${path}`;
}

/** The best language for a browser's list of preferences: `zh-CN` is `zh-Hans`, and `zh-TW` is not. */
export function preferredLanguage(preferences: readonly string[], among: readonly LanguageDescription[] = languages): Language {
  const found = preferences.map((preference) => among.find(({ code }) => isSame(code, preference)));
  return found.find((language) => language !== undefined)?.code ?? DEFAULT_LANGUAGE;
}

function isSame(code: string, preference: string): boolean {
  try {
    const [ours, theirs] = [new Intl.Locale(code).maximize(), new Intl.Locale(preference).maximize()];
    return ours.language === theirs.language && ours.script === theirs.script;
  } catch {
    return false;
  }
}
