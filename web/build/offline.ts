import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

const WORKER = "verify-worker.js";
const ENTRY = "web/verify.html";
/** What the page fetches only when it is needed, and still must have without a network. */
const LATER = /src\/verify\/|messages\/(?:verify\.)?(?:ja|en|zh-Hans|id|ar)\.json|node_modules\/qr\//;

interface Texts {
  [key: string]: string | undefined;
}

/**
 * The verification page without a network: tells its service worker which files to keep, and writes one manifest a
 * language, so that the installed page is named in the language that it was installed in.
 */
export function offline(messages: string): Plugin {
  return {
    name: "ryoji-offline",
    apply: "build",
    async writeBundle({ dir = "" }, bundle) {
      const manifests = await writeManifests(messages, dir);
      const chunks = Object.values(bundle).flatMap((part) => (part.type === "chunk" ? [part] : []));
      const entry = chunks.find((chunk) => chunk.isEntry && chunk.facadeModuleId?.endsWith(ENTRY));
      if (!entry) return;
      const files = new Set<string>();
      const visit = (file: string) => {
        const chunk = chunks.find(({ fileName }) => fileName === file);
        if (!chunk || files.has(file)) return;
        files.add(file);
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css));
        chunk.imports.forEach(visit);
        chunk.dynamicImports.filter((later) => chunks.some(({ fileName, moduleIds }) => fileName === later && moduleIds.some((id) => LATER.test(id)))).forEach(visit);
      };
      visit(entry.fileName);
      const kept = [...files, ...manifests, "mark.svg", "verify.html"].map((file) => `/${file}`);
      const contents = await Promise.all(kept.map((file) => readFile(join(dir, file))));
      const version = createHash("sha256").update(kept.join()).update(Buffer.concat(contents)).digest("hex").slice(0, 16);
      const worker = await readFile(join(dir, WORKER), "utf8");
      const filled = worker.replace(/["'`]__RYOJI_FILES__["'`]/g, JSON.stringify(kept)).replaceAll("__RYOJI_VERSION__", version);
      if (filled.includes("__RYOJI_")) this.error("the worker of the verification page was not filled in");
      await writeFile(join(dir, WORKER), filled);
    },
  };
}

async function writeManifests(messages: string, dir: string): Promise<string[]> {
  const languages = JSON.parse(await readFile(join(messages, "languages.json"), "utf8")) as Record<string, { direction: string }>;
  const codes = (await readdir(messages)).flatMap((file) => /^verify\.(.+)\.json$/.exec(file)?.[1] ?? []);
  return Promise.all(
    codes.map(async (code) => {
      const texts = JSON.parse(await readFile(join(messages, `verify.${code}.json`), "utf8")) as Texts;
      const manifest = {
        id: "/verify",
        lang: code,
        dir: languages[code]?.direction ?? "ltr",
        name: texts["verify.title"],
        short_name: texts["verify.short"],
        start_url: `/${code}/verify`,
        scope: "/",
        display: "standalone",
        background_color: "#ffffff",
        theme_color: "#0017c1",
        icons: [{ src: "/mark.svg", sizes: "any", type: "image/svg+xml" }],
      };
      const name = `verify.${code}.manifest.json`;
      await writeFile(join(dir, name), `${JSON.stringify(manifest)}\n`);
      return name;
    }),
  );
}
