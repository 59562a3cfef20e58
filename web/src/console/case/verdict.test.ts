import { describe, expect, it } from "vitest";
import type { Finding, Hit } from "../desk.ts";
import { changesOf, humanitarianReason, lacksScreening, openHits, verdictsOf } from "./verdict.ts";

const hit = (id: string, verdict: Hit["verdict"]): Hit => ({ id, verdict, kind: "watch_list", title: "", score: 0.9, because: [], about: {}, cases: [], ground: null, note: null });

describe("hits", () => {
  it("are open until a person has said something of each, whatever it was", () => {
    const hits = [hit("a", "not_relevant"), hit("b", null), hit("c", "same_person")];
    expect(openHits(hits).map(({ id }) => id)).toEqual(["b"]);
  });
});

describe("an application", () => {
  it("has a humanitarian reason only where one is given", () => {
    const mission = (humanitarian: unknown) => [{ id: "mission", title: "", status: "done" as const, answers: { humanitarian } }];
    expect([mission("death"), mission("none"), mission(null), []].map(humanitarianReason)).toEqual(["death", null, null, null]);
  });
});

describe("what may be said of a hit", () => {
  it("is whose it is, and of what the applicant declares what it means", () => {
    expect(verdictsOf("watch_list")).toEqual(["same_person", "other_person", "not_relevant"]);
    for (const kind of ["declared", "crowded"]) expect(verdictsOf(kind)).toEqual(["relevant", "not_relevant"]);
  });
});

describe("a screening", () => {
  const finding = (check: string, outcome: Finding["outcome"]): Finding => ({ check, outcome, reasons: [], facts: {} });

  it("is not complete while the newest could not ask something, whatever was found before", () => {
    expect(lacksScreening([finding("faces", "unavailable"), finding("screening", "unavailable"), finding("screening", "pass")])).toBe(true);
    expect(lacksScreening([finding("screening", "review"), finding("screening", "unavailable")])).toBe(false);
    expect(lacksScreening([])).toBe(false);
  });
});

describe("a permission", () => {
  it("may be brought back only after a revocation", () => {
    expect(changesOf("active")).toEqual(["revoked", "cancelled", "replaced"]);
    expect(changesOf("revoked")).toEqual(["active"]);
    expect(changesOf("used")).toEqual(["revoked"]);
  });

  it("that is over stays over", () => {
    for (const status of ["cancelled", "replaced", "expired"] as const) expect(changesOf(status)).toEqual([]);
  });
});
