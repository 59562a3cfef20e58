import type { Comparison, DeskCase } from "../desk.ts";
import { Mark, Panel } from "../parts.tsx";
import { c, type ConsoleKey, textOfCode } from "../texts.ts";
import { type Correction, differingRuns, mrzRuns, type Run } from "./characters.ts";

/** What was typed, what the machine read in the passport and what the card says, field by field. */
export function ComparisonPanel({ id, file }: { id: string; file: DeskCase }) {
  const differing = file.comparison.filter(differs).length;
  const carded = file.comparison.some((row) => row.card !== null);
  return (
    <Panel
      id={id}
      title={c("comparison.title")}
      aside={<span class="desk-quiet">{file.comparison.length > 0 ? c("comparison.count", { differing }) : ""}</span>}
    >
      {file.mrz && file.mrz.lines.length > 0 ? <Mrz lines={file.mrz.lines} corrections={file.mrz.corrections} /> : <p class="desk-quiet">{c("mrz.none")}</p>}
      {file.comparison.length > 0 && (
        <div class="desk-table-frame" role="group" aria-label={c("comparison.title")} tabIndex={0}>
          <table class="desk-table desk-comparison">
            <thead>
              <tr>
                <th scope="col">{c("comparison.field")}</th>
                <th scope="col">{c("comparison.typed")}</th>
                <th scope="col">{c("comparison.mrz")}</th>
                {carded && <th scope="col">{c("comparison.card")}</th>}
                <th scope="col">{c("comparison.result")}</th>
              </tr>
            </thead>
            <tbody>
              {file.comparison.map((row) => (
                <ComparisonRow key={row.field} row={row} carded={carded} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function ComparisonRow({ row, carded }: { row: Comparison; carded: boolean }) {
  const marked = differs(row);
  const against = (value: string | null, others: (string | null)[]) => {
    const other = others.find((each): each is string => each !== null && each !== value);
    if (value === null) return <Value runs={null} />;
    if (row.field === "sex") return <>{textOfCode("sex", value)}</>;
    return <Value runs={marked && other !== undefined ? differingRuns(value, other) : [{ text: value, marked: false }]} />;
  };
  return (
    <tr data-differs={marked ? "yes" : "no"}>
      <th scope="row">{row.label}</th>
      <td>{against(row.typed, [row.mrz, row.card])}</td>
      <td class="desk-mono">{against(row.mrz, [row.typed])}</td>
      {carded && <td>{against(row.card, [row.typed])}</td>}
      <td>
        <Result same={isCompared(row) ? row.same : null} />
      </td>
    </tr>
  );
}

/** One value alone agrees with itself, which says nothing. */
function isCompared(row: Comparison): boolean {
  return [row.typed, row.mrz, row.card].filter((value) => value !== null && value !== "").length > 1;
}

export function differs(row: Comparison): boolean {
  return row.same === false && isCompared(row);
}

function Value({ runs }: { runs: Run[] | null }) {
  if (!runs) return <span class="desk-quiet">—</span>;
  return (
    <>
      {runs.map((run, index) => (run.marked ? <mark class="desk-differs" key={index}>{run.text}</mark> : run.text))}
    </>
  );
}

function Result({ same }: { same: boolean | null }) {
  const tone = same === null ? "none" : same ? "good" : "bad";
  const text = same === null ? c("comparison.not_compared") : c(same ? "comparison.same" : "comparison.differs");
  return (
    <span class="desk-chip" data-tone={tone}>
      <Mark tone={tone} />
      <span>{text}</span>
    </span>
  );
}

function Mrz({ lines, corrections }: { lines: string[]; corrections: Correction[] }) {
  return (
    <div class="desk-mrz">
      <h3 class="desk-subtitle">{c("mrz.title")}</h3>
      <div class="desk-mrz__lines" role="group" aria-label={c("mrz.title")} tabIndex={0}>
        {lines.map((line, index) => (
          <div class="desk-mrz__line" key={index} lang="zxx">
            {mrzRuns(line, index + 1, corrections).map((run, place) =>
              run.marked ? (
                <mark class="desk-mrz__corrected" key={place}>
                  {run.text}
                  <sup>{run.note}</sup>
                </mark>
              ) : (
                <span key={place}>{run.text}</span>
              ),
            )}
          </div>
        ))}
      </div>
      {corrections.length > 0 && (
        <>
          <h4 class="desk-mrz__notes-title">{c("mrz.corrections")}</h4>
          <ol class="desk-mrz__notes">
            {corrections.map((each) => (
              <li key={`${each.line}.${each.position}`}>
                {c(deedOf(each), { line: each.line, position: each.position, read: each.read, corrected: each.corrected })}{" "}
                {textOfCode("mrz.because", each.because)}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function deedOf({ read, corrected }: Correction): ConsoleKey {
  if (!read) return "mrz.added";
  return corrected ? "mrz.correction" : "mrz.removed";
}
