/** How two values, or a line and what was mended in it, are cut up so that the differing characters can be marked. */

export interface Correction {
  line: number;
  position: number;
  read: string;
  corrected: string;
  because: string;
}

export interface Run {
  text: string;
  marked: boolean;
}

export interface MrzRun extends Run {
  /** Number of the correction in the list under the lines, counted from 1. */
  note?: number;
}

/** One machine-readable line as runs; a corrected character stands alone with its note's number. Positions count from 1. */
export function mrzRuns(line: string, number: number, corrections: readonly Correction[]): MrzRun[] {
  const here = new Map<number, number>();
  corrections.forEach((correction, index) => {
    if (correction.line === number) here.set(correction.position, index + 1);
  });
  const runs: MrzRun[] = [];
  let plain = "";
  [...line].forEach((character, index) => {
    const note = here.get(index + 1);
    if (note === undefined) {
      plain += character;
      return;
    }
    if (plain) runs.push({ text: plain, marked: false });
    plain = "";
    runs.push({ text: character, marked: true, note });
  });
  if (plain) runs.push({ text: plain, marked: false });
  return runs;
}

/**
 * The value cut into what agrees with the other value and what does not.
 *
 * Equal beginnings and ends are taken off; what is left in the middle is compared character by character when both
 * middles are equally long (a misread digit), and marked whole otherwise (a missing or added part).
 */
export function differingRuns(value: string, other: string): Run[] {
  const a = [...value];
  const b = [...other];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const sameLength = a.length === b.length;
  return joined(
    a.map((character, index) => {
      const outside = index < start || index >= a.length - end;
      return { text: character, marked: !outside && !(sameLength && character === b[index]) };
    }),
  );
}

function joined(runs: Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged[merged.length - 1];
    if (last && last.marked === run.marked) last.text += run.text;
    else merged.push({ ...run });
  }
  return merged;
}
