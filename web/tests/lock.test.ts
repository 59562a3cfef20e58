import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("the lock file names no host: after npm install, run npm run lock:strip", () => {
  const lock = readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8");
  expect(lock.match(/https?:\/\/[^"]*/g)).toBeNull();
});
