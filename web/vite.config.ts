import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { preact } from "@preact/preset-vite";
import { defineConfig } from "vite";
import { budget } from "./build/budget.ts";
import { integrity } from "./build/integrity.ts";
import { messages } from "./build/messages.ts";
import { offline } from "./build/offline.ts";

const root = import.meta.dirname ?? resolve("web");
const pages = ["index.html", "console.html", "verify.html"].map((page) => resolve(root, page)).filter((page) => existsSync(page));

const CORE = /node_modules\/(preact|@preact|preact-iso|@messageformat\/runtime)\/|web\/src\/shared\/(?!styles)|vite\/(preload|modulepreload)/;

const FRAME = /web\/src\/portal\/(links|page|loading|connection|case-texts|tone|session\/session|pages\/not-found|forms\/submission)\.tsx?$/;

const WORKER = "verify-worker";

export default defineConfig({
  root,
  plugins: [
    messages(),
    preact({ devToolsEnabled: false }),
    budget("web/index.html", 60, ["/pages/start.tsx", "/messages/ja.json?messages"]),
    budget("web/verify.html", 60, ["/messages/ja.json?messages", "/messages/verify.ja.json?messages"]),
    integrity(),
    offline(resolve(root, "messages")),
  ],
  build: {
    outDir: resolve(root, "dist"),
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows no data: URLs and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { ...Object.fromEntries(pages.map((page) => [basename(page, ".html"), page])), [WORKER]: resolve(root, "src/verify/worker.ts") },
      output: {
        // A worker's address never changes: by it the browser knows that it is the same one.
        entryFileNames: ({ name }) => (name === WORKER ? "[name].js" : "assets/[name]-[hash].js"),
        // What every page needs in one file: many small ones would be as many requests before the first text.
        codeSplitting: { groups: [{ name: "core", test: CORE }, { name: "frame", test: FRAME }] },
      },
    },
  },
  server: { proxy: { "/api": "http://localhost:4310", "/settings.json": "http://localhost:4310", "/simulators": "http://localhost:4310" } },
});
