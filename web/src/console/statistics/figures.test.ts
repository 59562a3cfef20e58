import { describe, expect, it } from "vitest";
import { csvOf } from "../../shared/csv.ts";
import { meanDays, monthsToChoose, shareOnline, type StatisticsRow, sumOf } from "./figures.ts";

const row = (part: Partial<StatisticsRow>): StatisticsRow => ({
  desk: "beijing",
  desk_title: "北京",
  nationality: "CHN",
  nationality_text: "中国",
  procedure: "visa-tourism",
  title: "",
  family: "visa",
  received: 0,
  issued: 0,
  refused: 0,
  withdrawn: 0,
  lapsed: 0,
  days: 0,
  ...part,
});

describe("the months to choose from", () => {
  it("begin with Japan's own, also when it is still the old one elsewhere", () => {
    expect(monthsToChoose(null, new Date("2026-12-31T15:00:00Z"), 3)).toEqual(["2027-01", "2026-12", "2026-11"]);
  });

  it("hold an older one that the address asks for, and nothing that is no month", () => {
    const now = new Date("2026-11-24T00:00:00Z");
    expect(monthsToChoose("2019-04", now, 2)).toEqual(["2026-11", "2026-10", "2019-04"]);
    expect(monthsToChoose("2026-10", now, 2)).toEqual(["2026-11", "2026-10"]);
    expect(monthsToChoose("2026-13", now, 1)).toEqual(["2026-11"]);
  });
});

describe("the sums", () => {
  it("add every figure up", () => {
    const sum = sumOf([row({ received: 3, issued: 2, days: 9 }), row({ received: 1, refused: 1, days: 3, withdrawn: 4, lapsed: 5 })]);
    expect(sum).toEqual({ received: 4, issued: 2, refused: 1, withdrawn: 4, lapsed: 5, days: 12 });
    expect(meanDays(sum)).toBe(4);
  });

  it("know no average where nothing was answered", () => {
    expect(meanDays(row({ received: 7 }))).toBeNull();
    expect(meanDays(row({ issued: 2, refused: 1, days: 10 }))).toBe(3.3);
  });
});

describe("the share that is filed online", () => {
  it("is of everything that came in, not the mean of shares", () => {
    expect(shareOnline([{ online: 90, on_paper: 10 }, { online: 0, on_paper: 100 }])).toBe(0.45);
    expect(shareOnline([{ online: 0, on_paper: 0 }])).toBeNull();
    expect(shareOnline([])).toBeNull();
  });
});

describe("the file for a spreadsheet", () => {
  it("quotes what needs it and leaves numbers as they are", () => {
    expect(csvOf([["a", "b,c"], ['say "x"', -3]])).toBe('\uFEFFa,"b,c"\r\n"say ""x""",-3\r\n');
    expect(csvOf([[null, ""]])).toBe("\uFEFF,\r\n");
  });

  it("holds no formula", () => {
    expect(csvOf([["=1+1", "@x", "-x"]])).toBe("\uFEFF'=1+1,'@x,'-x\r\n");
  });
});
