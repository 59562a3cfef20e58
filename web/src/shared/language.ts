import { signal } from "@preact/signals";
import descriptions from "../../messages/languages.json";

export type Language = keyof typeof descriptions;

export interface LanguageDescription {
  code: Language;
  name: string;
  direction: "ltr" | "rtl";
  locale: string;
  currency: "name" | "narrowSymbol";
}

/** Every language of the site, named in itself, in the order in which a reader is offered them. */
export const languages = Object.entries(descriptions).map(([code, rest]) => ({ code, ...rest }) as LanguageDescription);

export const DEFAULT_LANGUAGE: Language = "ja";

/** The language of the page. Components that read a text through it are drawn anew when it changes. */
export const language = signal<Language>(DEFAULT_LANGUAGE);

export function describe(code: Language): LanguageDescription {
  return { code, ...descriptions[code] } as LanguageDescription;
}

export function isLanguage(code: string | undefined): code is Language {
  return code !== undefined && Object.hasOwn(descriptions, code);
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

/** The best language for a browser's list of preferences. */
export function preferredLanguage(preferences: readonly string[]): Language {
  const codes = preferences.map((preference) => preference.toLowerCase().split("-")[0]);
  return codes.find((code) => isLanguage(code)) ?? DEFAULT_LANGUAGE;
}
