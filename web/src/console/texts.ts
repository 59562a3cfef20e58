import { type Language, languages } from "../shared/language.ts";
import { loaderOf } from "../shared/message-files.ts";
import { catalogue } from "../shared/texts.ts";
import type japanese from "../../messages/console.ja.json";

export type ConsoleKey = keyof typeof japanese;

/** The texts of the officers' console; loaded before its first drawing, apart from the applicants' pages. */
export const consoleTexts = catalogue<ConsoleKey>("console.");

export const c = consoleTexts.text;

/** The languages in which officers are offered their pages: fewer than applicants have. */
export const consoleLanguages = languages.filter(({ code }) => loaderOf("console.", code) !== undefined);

export function isConsoleLanguage(code: string | null): code is Language {
  return consoleLanguages.some((each) => each.code === code);
}

/** The text for a code that the API may extend without the console knowing: an unknown code is shown as it came. */
export function textOfCode(group: string, code: string): string {
  const key = `${group}.${code}`;
  const text = c(key as ConsoleKey);
  return text === key ? code : text;
}
