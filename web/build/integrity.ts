import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

const TAG = /<(?:script|link)\b[^>]*?\b(?:src|href)="\/(assets\/[^"]+)"/g;

/**
 * Writes into each page what its scripts, their preloads and its styles must hash to (subresource integrity): a browser
 * runs no other. What is imported later has no place for a hash that our content security policy allows.
 */
export function integrity(): Plugin {
  return {
    name: "ryoji-integrity",
    apply: "build",
    writeBundle: {
      // Before others look at the pages as they are written.
      order: "pre",
      sequential: true,
      async handler({ dir = "" }, bundle) {
        const pages = Object.keys(bundle).filter((file) => file.endsWith(".html"));
        for (const page of pages) {
          let html = await readFile(join(dir, page), "utf8");
          for (const [tag, asset = ""] of html.matchAll(TAG)) {
            const hash = createHash("sha384").update(await readFile(join(dir, asset))).digest("base64");
            html = html.replace(tag, `${tag} integrity="sha384-${hash}"`);
          }
          await writeFile(join(dir, page), html);
        }
      },
    },
  };
}
