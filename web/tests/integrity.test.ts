// @vitest-environment node
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { integrity } from "../build/integrity.ts";

let site = "";

beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "ryoji-integrity-"));
  await writeFile(join(site, "index.html"), '<!doctype html><link rel="icon" href="/mark.svg"><script type="module" src="/one.ts"></script>');
  await writeFile(join(site, "other.html"), '<!doctype html><script type="module" src="/two.ts"></script>');
  await writeFile(join(site, "shared.ts"), "export const told = (text: string) => document.body.append(text);");
  await writeFile(join(site, "one.css"), "body { color: navy }");
  await writeFile(join(site, "one.ts"), 'import "./one.css"; import { told } from "./shared.ts"; told("one");');
  await writeFile(join(site, "two.ts"), 'import { told } from "./shared.ts"; told("two");');
  const input = [join(site, "index.html"), join(site, "other.html")];
  await build({ root: site, configFile: false, logLevel: "silent", plugins: [integrity()], build: { rollupOptions: { input } } });
});

afterAll(() => rm(site, { recursive: true }));

test.each(["index.html", "other.html"])("%s says what each of its scripts and styles must hash to", async (page) => {
  const html = await readFile(join(site, "dist", page), "utf8");
  const tags = [...html.matchAll(/<(?:script|link)[^>]*"\/(assets\/[^"]+)"[^>]*>/g)];
  const kinds = tags.map(([, asset]) => asset?.split(".").pop());
  expect(kinds.sort()).toEqual(page === "index.html" ? ["css", "js", "js"] : ["js", "js"]);
  for (const [tag, asset = ""] of tags) {
    const hash = createHash("sha384").update(await readFile(join(site, "dist", asset))).digest("base64");
    expect(tag).toContain(`integrity="sha384-${hash}"`);
    expect(tag).toContain("crossorigin");
  }
});

test("what is no script and no style is left as it is", async () => {
  expect(await readFile(join(site, "dist", "index.html"), "utf8")).toContain('<link rel="icon" href="/mark.svg">');
});
