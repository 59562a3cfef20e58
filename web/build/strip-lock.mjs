import { readFile, writeFile } from "node:fs/promises";

// The lock file names no hosts: npm leaves out the registry's (see .npmrc), this takes out the funding links.
const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
for (const part of Object.values(lock.packages)) delete part.funding;
await writeFile("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
