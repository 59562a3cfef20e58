import { describe, expect, it } from "vitest";
import type { Hit } from "../desk.ts";
import { changesOf, openHits } from "./verdict.ts";

const hit = (id: string, verdict: Hit["verdict"]): Hit => ({ id, verdict, kind: "watch_list", title: "", score: 0.9, because: [], about: {}, ground: null, note: null });

describe("hits", () => {
  it("are open until a person has said something of each, whatever it was", () => {
    const hits = [hit("a", "not_relevant"), hit("b", null), hit("c", "same_person")];
    expect(openHits(hits).map(({ id }) => id)).toEqual(["b"]);
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
