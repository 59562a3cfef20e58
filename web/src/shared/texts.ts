import { signal } from "@preact/signals";
import { language, type Language } from "./language.ts";
import type japanese from "../../messages/ja.json";

export type Values = Record<string, string | number>;
type Texts = Record<string, string | ((values: Record<string, unknown>) => string)>;
type Loader = () => Promise<{ default: Texts }>;

export interface Catalogue<Key extends string> {
  /** Fetches the texts of one language; call it before drawing anything that uses them. */
  load(code: Language): Promise<void>;
  /** The text in the page's language. An unknown key comes back as itself; the tests see to it that none is. */
  text(key: Key, values?: Values): string;
}

const everyCatalogue = new Set<Catalogue<string>>();

/** A catalogue of texts, one file a language, fetched when first needed. */
export function catalogue<Key extends string>(loaders: Record<Language, Loader>): Catalogue<Key> {
  const loaded = new Map<Language, Texts>();
  const revision = signal(0);
  const self: Catalogue<Key> = {
    async load(code) {
      everyCatalogue.add(self as Catalogue<string>);
      if (loaded.has(code)) return;
      loaded.set(code, (await loaders[code]()).default);
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

/** Turns the page to another language once all catalogues in use have its texts. */
export async function changeLanguage(code: Language): Promise<void> {
  await Promise.all([shared.load(code), ...[...everyCatalogue].map((each) => each.load(code))]);
  language.value = code;
}

export type SharedKey = keyof typeof japanese;

/** The texts of the frame, the shared components and the public pages. */
export const shared = catalogue<SharedKey>({
  ja: () => import("../../messages/ja.json?messages"),
  en: () => import("../../messages/en.json?messages"),
});

export const t = shared.text;
