import { preact } from "@preact/preset-vite";
import { defineConfig } from "vitest/config";
import { messages } from "./build/messages.ts";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [messages(), preact({ devToolsEnabled: false })],
  test: { include: ["tests/**/*.test.{ts,tsx}", "src/**/*.test.{ts,tsx}"], environment: "happy-dom" },
});
