import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/**
 * Prints the gzipped JavaScript that a page fetches on its first visit, and fails the build when it exceeds the budget.
 * `split`: the ends of the modules that are split off although every visit needs them, as its view and its texts.
 */
export function budget(page: string, limitInKilobytes: number, split: string[]): Plugin {
  return {
    name: `ryoji-budget-${page}`,
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
      const always = chunks.filter((chunk) => split.some((part) => chunk.facadeModuleId?.endsWith(part)));
      always.forEach((chunk) => visit(chunk.fileName));
      const kilobytes = [...first].reduce((sum, file) => sum + sizeOf(bundle[file]), 0) / 1000;
      this.info(`${page}: ${kilobytes.toFixed(1)} kB of gzipped JavaScript in ${first.size} files, budget ${limitInKilobytes} kB`);
      if (kilobytes > limitInKilobytes) this.error(`${page} is over its budget`);
    },
  };
}

function sizeOf(part: unknown): number {
  const code = (part as { code?: string } | undefined)?.code ?? "";
  return gzipSync(code).length;
}
