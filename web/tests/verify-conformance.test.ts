// @vitest-environment node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readTrust, type Trust } from "../src/verify/seal/trust.ts";
import { verify, type Status } from "../src/verify/seal/verification.ts";

interface Conformance {
  lists: Record<string, string>;
  cases: Record<string, { text: string; trust: string; now: string; verdict: Record<string, unknown> }>;
  flips: { text: string; now: string; statuses: string };
}

/** Written by tests/unit/issuance/conformance.py as the Python verifier judges. */
const file: Conformance = JSON.parse(readFileSync(join(import.meta.dirname, "../../tests/data/seals/conformance.json"), "utf8"));
const LETTERS: Record<Status, string> = { VALID: "V", READ_ERROR: "R", WRONG_FORMAT: "W", UNKNOWN_CERTIFICATE: "K", UNTRUSTED_CERTIFICATE: "T", INVALID_DOCUMENTTYPE: "D", EXPIRED_CERTIFICATE: "E", REVOKED_CERTIFICATE: "C", INVALID_SIGNATURE: "S" };
const trusts = new Map<string, Trust>();

beforeAll(async () => {
  for (const [name, list] of Object.entries(file.lists)) trusts.set(name, await readTrust(list));
});

const trustOf = (name: string) => trusts.get(name) as Trust;

describe("the browser judges as the service does", () => {
  it.each(Object.entries(file.cases))("%s", async (_name, { text, trust, now, verdict }) => {
    const { readable: _, ...found } = await verify(text, trustOf(trust), new Date(now));
    expect({ ...found, content: { ...found.content } }).toEqual(verdict);
  });

  // Thousands of seals: on a busy machine that takes longer than a test usually may.
  it("every byte of a seal changed in up to three ways", { timeout: 60_000 }, async () => {
    const changed = flips(file.flips.text);
    const statuses = await Promise.all(changed.map(async (text) => LETTERS[(await verify(text, trustOf("usual"), new Date(file.flips.now))).status]));
    const differing = changed.flatMap((_text, place) => (isAlike(statuses[place], file.flips.statuses[place]) ? [] : [`${place}: ${statuses[place]} for ${file.flips.statuses[place]}`]));
    expect(differing).toEqual([]);
    expect(statuses).not.toContain("V");
  });

  it("bytes that are no text are a read error", async () => {
    expect((await verify(new Uint8Array([0xff, 0xfe]), trustOf("usual"), new Date())).status).toBe("READ_ERROR");
  });
});

/** The text with one byte changed, at every place: to its neighbour, to another case, to a blank; the order of conformance.py. */
function flips(text: string): string[] {
  return [...text].flatMap((character, place) => {
    const byte = character.charCodeAt(0);
    const others = [...new Set([byte ^ 0x01, byte ^ 0x20, 0x20])].filter((other) => other !== byte).sort((one, other) => one - other);
    return others.map((other) => text.slice(0, place) + String.fromCharCode(other) + text.slice(place + 1));
  });
}

/** Two readers of ASN.1 may differ in where they give up on a damaged certificate; neither believes it. */
function isAlike(one: string | undefined, other: string | undefined): boolean {
  return one === other || [one, other].every((status) => "WKT".includes(status ?? "-"));
}

describe("a trust list", () => {
  const list = file.lists["usual"] ?? "";

  it("is believed as it was published", async () => {
    const { authorities, issued } = await readTrust(list);
    expect(authorities.map(({ state }) => state)).toEqual(["JPN"]);
    expect(issued.toISOString()).toBe("2026-11-24T03:00:00.000Z");
  });

  it.each([
    ["a changed state", list.replace('"state":"JPN"', '"state":"UTO"')],
    ["a member more", list.replace('"version":1', '"version":1,"x":1')],
    ["something behind it", `${list} `],
    ["no list", "[]"],
    ["another's signature", list.replace(/"sigvl":"[^"]+"/, file.lists["of another ministry"]?.match(/"sigvl":"[^"]+"/)?.[0] ?? "")],
  ])("is not, with %s", async (_name, text) => {
    expect(text).not.toBe(list);
    await expect(readTrust(text)).rejects.toThrow();
  });
});
