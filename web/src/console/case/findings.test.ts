import { describe, expect, it } from "vitest";
import type { Finding, Hit } from "../desk.ts";
import { reasonsOf } from "./findings.tsx";

const reason = (code: string) => ({ code, outcome: "review" as const, text: code });
const screening: Finding = { check: "screening", outcome: "review", reasons: [reason("watch_list"), reason("earlier_unavailable")], facts: {} };
const hit: Hit = { id: "a", kind: "watch_list", title: "", score: 0.9, because: [], about: {}, cases: [], ground: null, verdict: "other_person", note: "" };

describe("what wants attention", () => {
  it("is not a hit that stands in the list of hits, but what could not be asked", () => {
    expect(reasonsOf(screening, [hit]).map(({ code }) => code)).toEqual(["earlier_unavailable"]);
    expect(reasonsOf({ ...screening, reasons: [reason("watch_list")] }, [hit])).toEqual([]);
  });

  it("is a finding without reasons by its outcome", () => {
    expect(reasonsOf({ ...screening, check: "faces", outcome: "unavailable", reasons: [] }, [hit])[0]?.code).toBe("unavailable");
  });
});
