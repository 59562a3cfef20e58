import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import MessageFormat from "@messageformat/core";
import compileModule from "@messageformat/core/compile-module.js";
import type { Plugin } from "vite";

const QUERY = "?messages";

/**
 * Compiles `…/ja.json?messages` (flat keys, ICU MessageFormat) to a module of strings and functions,
 * so that no parser is shipped and nothing is evaluated at run time. The last part of the file's name is the language: `ja.json`, `case.ja.json`.
 */
export function messages(): Plugin {
  return {
    name: "ryoji-messages",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const path = id.slice(0, -QUERY.length);
      this.addWatchFile(path);
      const texts: Record<string, string> = JSON.parse(await readFile(path, "utf8"));
      return { code: compileTexts(languageOf(path), texts), moduleType: "js" };
    },
  };
}

/** A text without arguments stays a string: a function around each would double the size. */
function compileTexts(language: string, texts: Record<string, string>): string {
  const entries = Object.entries(texts);
  const plain = Object.fromEntries(entries.filter(isPlain));
  const patterns = Object.fromEntries(entries.filter((entry) => !isPlain(entry)));
  const compiled = compileModule(new MessageFormat(language), patterns).replace("export default", "const patterns =");
  return `${compiled}\nexport default { ...${JSON.stringify(plain)}, ...patterns };\n`;
}

const isPlain = ([, text]: [string, string]) => !text.includes("{");

function languageOf(path: string): string {
  return basename(path, ".json").split(".").at(-1) ?? "";
}
