import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import english from "../../messages/console.en.json";
import japanese from "../../messages/console.ja.json";

const here = import.meta.dirname ?? resolve("src/console");
const sources = readdirSync(here, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
  .map((name) => readFileSync(resolve(here, name), "utf8"))
  .join("\n");
/** The values that a pattern takes; what stands in the branches of a plural is text. */
const valuesIn = (text: string) => [...new Set(Array.from(text.matchAll(/(?<!(?:=\d+|one|other) )\{(\w+)[,}]/g), (match) => match[1]))].toSorted();

describe("the console's texts", () => {
  it("are the same in every language", () => {
    expect(Object.keys(english)).toEqual(Object.keys(japanese));
  });

  it("take the same values in every language", () => {
    for (const [key, text] of Object.entries(english)) {
      expect([key, valuesIn(text)]).toEqual([key, valuesIn((japanese as Record<string, string>)[key] ?? "")]);
    }
  });

  it("are all used, by name or by group", () => {
    const groups = Array.from(sources.matchAll(/(?:`|textOfCode\(")([\w.]+?)(?:[._]\$\{|", )/g), (match) => match[1] ?? "");
    const unused = Object.keys(japanese).filter(
      (key) => !sources.includes(`"${key}"`) && !groups.some((group) => key.startsWith(`${group}.`) || key.startsWith(`${group}_`)) && !key.endsWith(".title"),
    );
    expect(unused).toEqual([]);
  });

  it("never stand in the code", () => {
    const code = sources.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(code.match(/[\u3041-\u30f3\u4e00-\u9fff]+/g)).toBeNull();
  });
});
