export type Texts = Record<string, string | ((values: Record<string, unknown>) => string)>;
type Loader = () => Promise<{ default: Texts }>;

/** Every message file there is, fetched when first needed: a language is added by adding its files. */
const files = import.meta.glob<{ default: Texts }>(["../../messages/*.json", "!../../messages/languages.json"], { query: "?messages" });

const placeOf = (catalogue: string, code: string) => `../../messages/${catalogue}${code}.json`;

/** The texts of a catalogue (`""`, `"case."`) in one language; undefined where it has not been translated. */
export function loaderOf(catalogue: string, code: string): Loader | undefined {
  return files[placeOf(catalogue, code)];
}

/** Whether the frame and the public pages can be read in a language. */
export function isTranslated(code: string): boolean {
  return placeOf("", code) in files;
}
