import { beforeEach, expect, it, vi } from "vitest";
import type { CaseList, CaseRow } from "../src/shared/contract.ts";

const PAGE = 3;

/** What the caller holds, latest first, a page at a time; and the group's first application by itself. */
const held: { rows: CaseRow[]; begun: string | null; asked: string[] } = { rows: [], begun: null, asked: [] };

const client = {
  get: async (path: string): Promise<unknown> => {
    held.asked.push(path);
    if (!path.startsWith("/cases?") && path !== "/cases") {
      if (held.begun === null) throw await notThere();
      return { case_id: path.replace("/cases/", ""), opened_at: held.begun, sequence: 1 };
    }
    const from = Number(new URLSearchParams(path.split("?")[1]).get("cursor") ?? 0);
    const next = from + PAGE < held.rows.length ? String(from + PAGE) : null;
    return { cases: held.rows.slice(from, from + PAGE), next } satisfies CaseList;
  },
};

/** Of the modules as the page that asks has them. */
async function notThere(): Promise<Error> {
  const { Problem } = await import("../src/shared/api.ts");
  return new Problem(404, "case_not_found", "", "", "", "", []);
}

const row = (case_id: string, day: number, group: string | null = null) => ({ case_id, group, agency: "sunrise", updated_at: `2026-11-${String(day).padStart(2, "0")}T00:00:00+00:00` }) as CaseRow;

async function together(group: string): Promise<string[]> {
  vi.resetModules();
  vi.doMock("../src/portal/connection.ts", () => ({ api: async () => client }));
  const { fetchTogether } = await import("../src/portal/cases/together.ts");
  return (await fetchTogether(group)).map(({ case_id }) => case_id);
}

beforeEach(() => {
  held.rows = [row("x", 20), row("b", 19, "a"), row("y", 18), row("z", 17), row("c", 16, "a"), row("w", 15), row("a", 14), row("v", 9), row("u", 8), row("s", 7), row("r", 6), row("q", 5)];
  held.begun = "2026-11-10T00:00:00+00:00";
  held.asked = [];
});

it("an older group is found whole, on whichever pages it stands", async () => {
  expect(await together("a")).toEqual(["b", "c", "a"]);
  expect(held.asked.filter((path) => path.startsWith("/cases?"))).toEqual(["/cases?cursor=3", "/cases?cursor=6"]);
});

it("nothing is asked about the first application while one page is all", async () => {
  held.rows = held.rows.slice(0, 2);
  expect(await together("a")).toEqual(["b"]);
  expect(held.asked).toEqual(["/cases"]);
});

it("a group whose first application is kept no more is looked for to the end", async () => {
  held.begun = null;
  held.rows = [...held.rows.filter(({ case_id }) => case_id !== "a"), row("d", 4, "a")];
  expect(await together("a")).toEqual(["b", "c", "d"]);
});

it("what changed between two pages is there once", async () => {
  held.rows = [row("x", 20), row("y", 19), row("b", 18, "a"), row("b", 18, "a"), row("a", 14)];
  expect(await together("a")).toEqual(["b", "a"]);
});
