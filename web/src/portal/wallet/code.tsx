import { useMemo } from "preact/hooks";
import { v } from "../travel-texts.ts";

/** Modules of white around a code, without which readers do not find it (ISO/IEC 18004). */
const QUIET = 4;

/** The code as one path: whole modules, no smoothing, black on white whatever the page's colours are. */
export function Code({ rows }: { rows: string[] }) {
  const size = rows.length + 2 * QUIET;
  // The page around it is drawn each second.
  const path = useMemo(() => pathOf(rows), [rows]);
  return (
    <svg class="ryoji-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={v("wallet.code")} shape-rendering="crispEdges">
      <rect class="ryoji-code__paper" width={size} height={size} />
      <path class="ryoji-code__ink" d={path} />
    </svg>
  );
}

/** Runs of dark modules, each a rectangle one module high. */
export function pathOf(rows: string[]): string {
  return rows
    .flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`))
    .join("");
}
