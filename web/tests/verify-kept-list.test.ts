// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fetching, fetchList, kept } from "../src/verify/kept-list.ts";
import { readTrust, type Trust } from "../src/verify/seal/trust.ts";

const { lists }: { lists: Record<string, string> } = JSON.parse(readFileSync(join(import.meta.dirname, "../../tests/data/seals/conformance.json"), "utf8"));
const USUAL = lists["usual"] ?? "";
const STRANGER = lists["of another ministry"] ?? "";

let published = "";
/** Lists that are given as read already: by their text. */
const signed = new Map<string, Trust>();

vi.mock("../src/verify/seal/trust.ts", async (original) => {
  const { readTrust } = await original<typeof import("../src/verify/seal/trust.ts")>();
  return { readTrust: async (text: string) => signed.get(text) ?? readTrust(text) };
});

beforeEach(() => {
  signed.clear();
  kept.value = null;
  fetching.value = "no";
  vi.stubGlobal("fetch", async () => new Response(published));
});

async function fetched(text: string): Promise<Trust | undefined> {
  published = text;
  await fetchList();
  return kept.value?.trust;
}

describe("a list of another authority", () => {
  it("is not taken where a list is kept, however well it is signed, and the page says why", async () => {
    const own = await fetched(USUAL);
    expect(await fetched(STRANGER)).toBe(own);
    expect(fetching.value).toBe("refused");
    await fetched(USUAL);
    expect(fetching.value).toBe("no");
  });

  it("is taken as the first of all", async () => {
    expect((await fetched(STRANGER))?.issued.toISOString()).toBe("2026-11-24T03:00:00.000Z");
  });

  it("is taken once the authority that is known has named the other, and is known from then on", async () => {
    const [old, successor] = [await readTrust(USUAL), await readTrust(STRANGER)];
    const [later, latest] = [new Date("2026-12-01"), new Date("2027-01-01")];
    signed.set("both, signed by the old", { ...old, authorities: [...old.authorities, ...successor.authorities], issued: later });
    signed.set("the new alone", { ...successor, issued: latest });
    await fetched(USUAL);
    expect((await fetched("the new alone"))?.issued).toEqual(old.issued);
    expect((await fetched("both, signed by the old"))?.issued).toBe(later);
    expect((await fetched("the new alone"))?.issued).toBe(latest);
    // The old one is not named any more: it is a stranger now.
    expect((await fetched(USUAL))?.issued).toBe(latest);
    expect(fetching.value).toBe("refused");
  });

  it("is not taken on the word of the new one alone", async () => {
    const [old, successor] = [await readTrust(USUAL), await readTrust(STRANGER)];
    signed.set("both, signed by the new", { ...successor, authorities: [...old.authorities, ...successor.authorities], issued: new Date("2026-12-01") });
    await fetched(USUAL);
    expect((await fetched("both, signed by the new"))?.issued).toEqual(old.issued);
    expect(fetching.value).toBe("refused");
  });
});
