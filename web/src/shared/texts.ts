import { signal } from "@preact/signals";
import { language, languages, type Language } from "./language.ts";
import { loaderOf, type Texts } from "./message-files.ts";
import type japanese from "../../messages/ja.json";

export type Values = Record<string, string | number>;

export interface Catalogue<Key extends string> {
  /** Fetches the texts of one language; call it before drawing anything that uses them. */
  load(code: Language): Promise<void>;
  /** The text in the page's language. An unknown key comes back as itself; the tests see to it that none is. */
  text(key: Key, values?: Values): string;
}

const everyCatalogue = new Set<Catalogue<string>>();

/** In what a text is read whose catalogue has not been translated: officers' pages are in two languages only. */
const INSTEAD: readonly Language[] = ["en", "ja"];

/** A catalogue of texts, one file a language (`case.ja.json` of the catalogue `case.`), fetched when first needed. */
export function catalogue<Key extends string>(name: string): Catalogue<Key> {
  const loaded = new Map<Language, Texts>();
  const revision = signal(0);
  const self: Catalogue<Key> = {
    async load(code) {
      everyCatalogue.add(self as Catalogue<string>);
      if (loaded.has(code)) return;
      const loader = [code, ...INSTEAD].map((each) => loaderOf(name, each)).find((found) => found !== undefined);
      if (loader) loaded.set(code, (await loader()).default);
      revision.value += 1;
    },
    text(key, values = {}) {
      void revision.value;
      const text = loaded.get(language.value)?.[key];
      return typeof text === "function" ? text(values) : (text ?? key);
    },
  };
  return self;
}

let wanted: Language | undefined;

/** Turns the page to another language once all catalogues in use have its texts; of two, the one that was asked for last. */
export async function changeLanguage(code: Language): Promise<void> {
  wanted = code;
  await Promise.all([shared.load(code), ...[...everyCatalogue].map((each) => each.load(code))]);
  if (wanted === code) language.value = code;
}

/** Fetches the texts of all languages that are in use, so that the page can be turned without a network. */
export async function loadEveryLanguage(): Promise<void> {
  await Promise.all(languages.flatMap(({ code }) => [...everyCatalogue].map((each) => each.load(code))));
}

export type SharedKey = keyof typeof japanese;

/** The texts of the frame, the shared components and the public pages. */
export const shared = catalogue<SharedKey>("");

export const t = shared.text;
