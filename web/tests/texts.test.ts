import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse, type Token } from "@messageformat/parser";
import { describe, expect, it } from "vitest";
import { languages } from "../src/shared/language.ts";

const folder = join(import.meta.dirname, "../messages");
const catalogues = [...new Set(readdirSync(folder).filter((file) => file !== "languages.json").map(nameOf))];
/** The console is for officers, in two languages; everything else is in every language that is offered. */
const codesOf = (catalogue: string) => (catalogue === "console." ? ["ja", "en"] : languages.map(({ code }) => code));

/** `case.ja.json` → `case.`; `ja.json` → an empty name. */
function nameOf(file: string): string {
  return file.replace(/[A-Za-z-]+\.json$/, "");
}

function read(catalogue: string, code: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, `${catalogue}${code}.json`), "utf8"));
}

/** The names of the values that a text needs, in whatever order and however often. */
function placeholders(text: string): string[] {
  const names = (tokens: Token[]): string[] =>
    tokens.flatMap((token) => {
      if (token.type === "select" || token.type === "plural" || token.type === "selectordinal") return [token.arg, ...token.cases.flatMap((each) => names(each.tokens))];
      return token.type === "argument" || token.type === "function" ? [token.arg] : [];
    });
  return [...new Set(names(parse(text)))].toSorted();
}

/** The plural forms of each choice by number in a text; `=1` stands for the form "one" where a language has it. */
function pluralForms(text: string, wanted: readonly string[]): string[][] {
  const forms = (tokens: Token[]): string[][] =>
    tokens.flatMap((token) => {
      if (token.type !== "plural" && token.type !== "select") return [];
      const inside = token.cases.flatMap((each) => forms(each.tokens));
      if (token.type === "select") return inside;
      const named = token.cases.map(({ key }) => (key === "=1" && wanted.includes("one") ? "one" : key)).filter((key) => !key.startsWith("="));
      return [[...new Set(named)].toSorted(), ...inside];
    });
  return forms(parse(text));
}

describe.each(catalogues)("the catalogue '%s'", (catalogue) => {
  const base = read(catalogue, "ja");
  const codes = codesOf(catalogue);

  it.each(codes)("has every key in %s", (code) => {
    expect(Object.keys(read(catalogue, code)).toSorted()).toEqual(Object.keys(base).toSorted());
  });

  it.each(codes)("asks for the same values in %s", (code) => {
    const texts = read(catalogue, code);
    const differing = Object.keys(base).filter((key) => placeholders(texts[key] ?? "").join() !== placeholders(base[key] ?? "").join());
    expect(differing).toEqual([]);
  });

  it.each(codes)("leaves nothing empty in %s", (code) => {
    const empty = Object.entries(read(catalogue, code)).filter(([, text]) => !text.trim());
    expect(empty).toEqual([]);
  });

  it.each(codes)("has every plural form of %s, and no other", (code) => {
    const wanted = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted();
    const wrong = Object.entries(read(catalogue, code)).filter(([, text]) => pluralForms(text, wanted).some((forms) => forms.join() !== wanted.join()));
    expect(wrong).toEqual([]);
  });

  it("has no Japanese in English", () => {
    const japanese = Object.entries(read(catalogue, "en")).filter(([, text]) => /[ぁ-ヿ一-鿿]/.test(text));
    expect(japanese).toEqual([]);
  });
});

it("uses every text of the portal, and has none that is not there", () => {
  const sources = sourcesUnder(join(import.meta.dirname, "../src/portal"), join(import.meta.dirname, "../src/shared")).join("\n");
  const keys = ["", "case.", "policies.", "travel."].flatMap((catalogue) => Object.keys(read(catalogue, "ja")));
  const unused = keys.filter((key) => !isMentioned(key, sources));
  expect(unused).toEqual([]);
});

/** Keys that are put together at run time are known by their beginning: `state.task.${state}`. */
function isMentioned(key: string, sources: string): boolean {
  if (sources.includes(`"${key}"`)) return true;
  const parts = key.split(".");
  if (/^(privacy|accessibility)\./.test(key)) return true;
  return parts.some((_, index) => index > 0 && new RegExp(`\`${parts.slice(0, index).join("\\.")}[._]\\$\\{`).test(sources)) || sources.includes(`\`${key.replace(/_[a-z]+$/, "_")}\${`);
}

export function sourcesUnder(...folders: string[]): string[] {
  return folders.flatMap((each) =>
    readdirSync(each, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => readFileSync(join(each, file), "utf8")),
  );
}
