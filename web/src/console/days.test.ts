import { describe, expect, it } from "vitest";
import { daysBetween, shiftDay, today } from "./days.ts";

describe("days", () => {
  it("are the office's, not the machine's", () => {
    const evening = new Date("2026-11-23T18:00:00Z");
    expect(today(evening, "Asia/Singapore")).toBe("2026-11-24");
    expect(today(evening, "America/New_York")).toBe("2026-11-23");
  });

  it("are counted across a change of the clock and the year", () => {
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
    expect(daysBetween("2026-12-31", "2026-12-30")).toBe(-1);
    expect(shiftDay("2026-12-31", 1)).toBe("2027-01-01");
  });
});
