import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { preact } from "@preact/preset-vite";
import { defineConfig } from "vite";
import { budget } from "./build/budget.ts";
import { messages } from "./build/messages.ts";

const root = import.meta.dirname ?? resolve("web");
const pages = ["index.html", "console.html"].map((page) => resolve(root, page)).filter((page) => existsSync(page));

const CORE = /node_modules\/(preact|@preact|preact-iso|@messageformat\/runtime)\/|web\/src\/shared\/(?!styles)|vite\/(preload|modulepreload)/;

const FRAME = /web\/src\/portal\/(links|page|loading|connection|case-texts|tone|session\/session|pages\/not-found|forms\/submission)\.tsx?$/;

export default defineConfig({
  root,
  plugins: [messages(), preact({ devToolsEnabled: false }), budget("web/index.html", 60)],
  build: {
    outDir: resolve(root, "dist"),
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows no data: URLs and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: pages,
      output: {
        // What every page needs in one file: many small ones would be as many requests before the first text.
        codeSplitting: { groups: [{ name: "core", test: CORE }, { name: "frame", test: FRAME }] },
      },
    },
  },
  server: { proxy: { "/api": "http://localhost:4310", "/settings.json": "http://localhost:4310", "/simulators": "http://localhost:4310" } },
});
