import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ageOn, factsFor, holds } from "../src/portal/forms/conditions.ts";

interface Conformance {
  cases: { name: string; condition: unknown; data: object; holds: boolean }[];
}

const path = join(import.meta.dirname, "../../procedures/conditions-conformance.json");
const conformance: Conformance = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { cases: [] };

describe("conditions hold as on the server", () => {
  it.each(conformance.cases.map((each) => [each.name, each] as const))("%s", (_name, { condition, data, holds: expected }) => {
    expect(holds(condition, data)).toBe(expected);
  });

  it("no condition always holds", () => {
    expect(holds(undefined, {})).toBe(true);
    expect(holds(null, {})).toBe(true);
  });
});

describe("age", () => {
  it.each([
    ["2008-11-23", "2026-11-22", 18, "a year is full at the end of the day before the birthday"],
    ["2008-11-23", "2026-11-21", 17, "two days before it is not"],
    ["2008-11-23", "2026-11-23", 18, "on the birthday it is"],
    ["2004-02-29", "2022-02-28", 18, "born on 29 February: full on 28 February"],
    ["2004-02-29", "2022-02-27", 17, "and not the day before"],
    ["1990-01-01", "2025-12-31", 36, "over the turn of the year"],
  ])("%s on %s is %i: %s", (born, day, age) => {
    expect(ageOn(born, day)).toBe(age);
  });

  it("counts by the birthday where the procedure says so", () => {
    expect(ageOn("2008-11-23", "2026-11-22", "birthday")).toBe(17);
  });

  it("is not known without a whole date", () => {
    expect(ageOn("1990-1-", "2026-11-23")).toBeNull();
    expect(factsFor({}, "2026-11-23").age).toBeNull();
  });
});
