import { describe, expect, it } from "vitest";
import { differingRuns, mrzRuns } from "./characters.ts";

const marked = (runs: { text: string; marked: boolean }[]) => runs.filter((run) => run.marked).map((run) => run.text);

describe("differing characters", () => {
  it("marks the one misread digit", () => {
    expect(differingRuns("TR1284567", "TR1234567")).toEqual([
      { text: "TR12", marked: false },
      { text: "8", marked: true },
      { text: "4567", marked: false },
    ]);
  });

  it("marks an added letter, and nothing where the other value lacks it", () => {
    expect(marked(differingRuns("HANNAKO", "HANAKO"))).toEqual(["N"]);
    expect(marked(differingRuns("HANAKO", "HANNAKO"))).toEqual([]);
  });

  it("keeps every character, whatever the values", () => {
    for (const [a, b] of [["", "x"], ["山田", "山本"], ["𠮷野", "吉野"], ["AAAA", "AA"]] as const) {
      expect(differingRuns(a, b).map((run) => run.text).join("")).toBe(a);
    }
    expect(marked(differingRuns("𠮷野", "吉野"))).toEqual(["𠮷"]);
  });
});

describe("corrected characters of the machine-readable zone", () => {
  const correction = (line: number, position: number) => ({ line, position, read: "O", corrected: "0", because: "type" });

  it("stand alone, with the number of their note", () => {
    expect(mrzRuns("AB0D", 2, [correction(1, 1), correction(2, 3)])).toEqual([
      { text: "AB", marked: false },
      { text: "0", marked: true, note: 2 },
      { text: "D", marked: false },
    ]);
  });

  it("are absent on an uncorrected line", () => {
    expect(mrzRuns("ABCD", 1, [correction(2, 3)])).toEqual([{ text: "ABCD", marked: false }]);
  });
});
