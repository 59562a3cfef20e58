import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";

/** Attributes whose value a person reads or hears. */
const READ_ALOUD = new Set(["alt", "title", "placeholder", "aria-label", "aria-description", "label", "hint"]);

interface Node {
  type: string;
  [key: string]: unknown;
}

const folder = join(import.meta.dirname, "../src");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx") && !file.endsWith(".test.tsx"));

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const part of Array.isArray(value) ? value : [value]) if (isNode(part)) yield* walk(part);
  }
}

const hasWords = (text: string) => /\p{L}{2,}/u.test(text);

/** Words written straight into the markup, between tags or in an attribute that is read out. */
export function wordsIn(source: string): string[] {
  const program = parseSync("file.tsx", source, { lang: "tsx" }).program as unknown as Node;
  const found: string[] = [];
  for (const node of walk(program)) {
    if (node.type === "JSXText" && hasWords(String(node["value"]))) found.push(String(node["value"]).trim());
    if (node.type !== "JSXAttribute") continue;
    const name = (node["name"] as Node)["name"];
    const value = node["value"] as Node | null;
    if (READ_ALOUD.has(String(name)) && value?.type === "Literal" && hasWords(String(value["value"]))) found.push(`${String(name)}=${String(value["value"])}`);
  }
  return found;
}

describe("no text stands in the code", () => {
  it.each(files)("%s", (file) => {
    expect(wordsIn(readFileSync(join(folder, file), "utf8"))).toEqual([]);
  });

  it.each(["ts", "tsx"])("no Japanese outside of comments in *.%s", (ending) => {
    const withJapanese = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(`.${ending}`) && !file.includes("test"))
      .filter((file) => stringsIn(readFileSync(join(folder, file), "utf8")).some((text) => /[ぁ-ヿ一-鿿]{3,}/.test(text)));
    expect(withJapanese).toEqual([]);
  });

  it("finds words when there are some", () => {
    expect(wordsIn('const a = <p title="Hello">Some text {b}</p>;')).toEqual(["title=Hello", "Some text"]);
  });
});

function stringsIn(source: string): string[] {
  const program = parseSync("file.tsx", source, { lang: "tsx" }).program as unknown as Node;
  return [...walk(program)].filter((node) => node.type === "Literal" && typeof node["value"] === "string").map((node) => String(node["value"]));
}
