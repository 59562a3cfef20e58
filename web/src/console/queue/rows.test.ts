import { describe, expect, it } from "vitest";
import type { QueueRow } from "../desk.ts";
import { EVERYTHING, familiesIn, filterRows, findingsInOrder, nationalitiesIn } from "./rows.ts";

const row = (part: Partial<QueueRow>): QueueRow => ({
  case_id: "c",
  reference: "RJ-7K3M-92QX",
  procedure: "passport-renewal",
  family: "passport",
  title: "",
  applicant: "山田 花子",
  nationality: null,
  nationality_text: null,
  permission: null,
  status: "in_review",
  status_text: "",
  submitted_at: "2026-11-20T00:00:00Z",
  due: "2026-12-01",
  overdue: false,
  claimed_by: null,
  flags: [],
  findings: {},
  ...part,
});
const ids = (rows: QueueRow[]) => rows.map((each) => each.case_id);

describe("the queue", () => {
  it("goes by due date, then by age; what has no date comes last", () => {
    const rows = [
      row({ case_id: "none", due: null }),
      row({ case_id: "late", due: "2026-12-02" }),
      row({ case_id: "young", submitted_at: "2026-11-21T00:00:00Z" }),
      row({ case_id: "old" }),
    ];
    expect(ids(filterRows(rows, EVERYTHING, "me"))).toEqual(["old", "young", "late", "none"]);
  });

  it("finds a person or a reference however it is typed", () => {
    const rows = [row({ case_id: "a" }), row({ case_id: "b", reference: "RJ-0000-0000", applicant: "Smith Jane" })];
    for (const text of ["7k3m92", "ｒｊー７Ｋ３Ｍ", "山田花", "花子"]) expect(ids(filterRows(rows, { ...EVERYTHING, text }, "me"))).toEqual(["a"]);
    expect(ids(filterRows(rows, { ...EVERYTHING, text: "SMITH" }, "me"))).toEqual(["b"]);
  });

  it("narrows to mine, unclaimed, overdue, or what a check wants looked at", () => {
    const rows = [
      row({ case_id: "mine", claimed_by: { officer: "me", name: "" } }),
      row({ case_id: "theirs", claimed_by: { officer: "other", name: "" }, overdue: true }),
      row({ case_id: "odd", findings: { portrait: "pass", faces: "unavailable" } }),
    ];
    expect(ids(filterRows(rows, { ...EVERYTHING, whose: "mine" }, "me"))).toEqual(["mine"]);
    expect(ids(filterRows(rows, { ...EVERYTHING, whose: "unclaimed" }, "me"))).toEqual(["odd"]);
    expect(ids(filterRows(rows, { ...EVERYTHING, overdue: true }, "me"))).toEqual(["theirs"]);
    expect(ids(filterRows(rows, { ...EVERYTHING, attention: true }, "me"))).toEqual(["odd"]);
  });

  it("narrows to a nationality and to a family of procedures", () => {
    const rows = [
      row({ case_id: "swe", family: "visa", nationality: "SWE", nationality_text: "Sweden" }),
      row({ case_id: "chn", family: "authorization", nationality: "CHN", nationality_text: "China" }),
      row({ case_id: "jpn" }),
    ];
    expect(ids(filterRows(rows, { ...EVERYTHING, nationality: "CHN" }, "me"))).toEqual(["chn"]);
    expect(ids(filterRows(rows, { ...EVERYTHING, family: "visa" }, "me"))).toEqual(["swe"]);
    expect(familiesIn(rows, "")).toEqual(["authorization", "passport", "visa"]);
    expect(nationalitiesIn(rows, "").map(({ name }) => name)).toEqual(["China", "Sweden"]);
  });

  it("keeps a chosen nationality to be unchosen when no row has it", () => {
    expect(nationalitiesIn([], "FRA")).toEqual([{ code: "FRA", name: "FRA" }]);
    expect(familiesIn([], "visa")).toEqual(["visa"]);
  });

  it("shows the gravest finding first", () => {
    const order = findingsInOrder({ portrait: "pass", faces: "review", identity: "fail", image: "unavailable" });
    expect(order.map(([check]) => check)).toEqual(["identity", "image", "faces", "portrait"]);
  });
});
