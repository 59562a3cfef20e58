import { preact } from "@preact/preset-vite";
import { defineConfig } from "vitest/config";
import { messages } from "./build/messages.ts";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [messages(), preact({ devToolsEnabled: false })],
  test: {
    // A page's tests are .tsx. Making a browser's world takes longer than most tests: a thread reads its code once and
    // gives each file a context of its own, and who needs such a world elsewhere says so.
    projects: [
      { extends: true, test: { name: "pages", include: ["{tests,src}/**/*.test.tsx"], environment: "happy-dom", pool: "vmThreads" } },
      { extends: true, test: { name: "logic", include: ["{tests,src}/**/*.test.ts"], environment: "node", pool: "threads" } },
    ],
  },
});
