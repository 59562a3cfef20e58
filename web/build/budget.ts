import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Prints the gzipped JavaScript of an applicant's first page, and fails the build when it exceeds the budget. */
export function budget(page: string, limitInKilobytes: number): Plugin {
  return {
    name: "ryoji-budget",
    apply: "build",
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((part) => (part.type === "chunk" ? [part] : []));
      const entry = chunks.find((chunk) => chunk.isEntry && chunk.facadeModuleId?.endsWith(page));
      if (!entry) return;
      const first = new Set<string>();
      const visit = (file: string) => {
        if (first.has(file)) return;
        first.add(file);
        chunks.find((chunk) => chunk.fileName === file)?.imports.forEach(visit);
      };
      visit(entry.fileName);
      // What the start page fetches on every visit although it is split off: its view and the texts of one language.
      const always = chunks.filter((chunk) => FIRST_PAGE.some((part) => chunk.facadeModuleId?.endsWith(part)));
      always.forEach((chunk) => visit(chunk.fileName));
      const kilobytes = [...first].reduce((sum, file) => sum + sizeOf(bundle[file]), 0) / 1000;
      this.info(`first page: ${kilobytes.toFixed(1)} kB of gzipped JavaScript in ${first.size} files, budget ${limitInKilobytes} kB`);
      if (kilobytes > limitInKilobytes) this.error("the first page is over its budget");
    },
  };
}

const FIRST_PAGE = ["/pages/start.tsx", "/messages/ja.json?messages"];

function sizeOf(part: unknown): number {
  const code = (part as { code?: string } | undefined)?.code ?? "";
  return gzipSync(code).length;
}
