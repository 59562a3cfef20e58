import { useEffect, useState } from "preact/hooks";
import { csvOf } from "../../shared/csv.ts";
import { describe, language } from "../../shared/language.ts";
import { desk, me } from "../connection.ts";
import { monthName } from "../moments.ts";
import { Button, Loading, ProblemNotice } from "../parts.tsx";
import { c, textOfCode } from "../texts.ts";
import { useTitle } from "../title.ts";
import { FiledOnline } from "./filed.tsx";
import { COUNTS, type Figures, isMonth, meanDays, monthsToChoose, type Statistics, sumOf } from "./figures.ts";

const EVERY = "all";

/** What came in and how it ended in a month, by mission, nationality and procedure. */
export function StatisticsPage() {
  const [chosen, choose] = useState(askedInAddress);
  const [known, setKnown] = useState<Statistics | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useTitle(c("statistics.title"));
  useEffect(() => {
    let overtaken = false;
    setFailure(null);
    setKnown((before) => (before?.month === chosen.month ? before : null));
    const query = new URLSearchParams(chosen);
    history.replaceState(history.state, "", `${location.pathname}?${query}`);
    desk()
      .get<Statistics>(`/desk/statistics/${encodeURIComponent(chosen.desk)}?month=${chosen.month}`)
      .then((found) => !overtaken && setKnown(found))
      .catch((error: unknown) => !overtaken && setFailure(error));
    return () => (overtaken = true);
  }, [chosen.desk, chosen.month, attempt, language.value]);

  const desks = known?.desks ?? me.value?.desks ?? [];
  return (
    <main class="desk-page" id="content">
      <header class="desk-page__head">
        <h1 class="desk-page__title">{c("statistics.title")}</h1>
        <Button small disabled={!known?.rows.length} onClick={() => known && download(known, chosen.desk)}>
          {c("statistics.download")}
        </Button>
      </header>
      <form class="desk-filters" aria-label={c("queue.filters")} onSubmit={(event) => event.preventDefault()}>
        <label class="desk-inline">
          <span>{c("statistics.month")}</span>
          <select class="desk-input" value={chosen.month} onChange={(event) => choose({ ...chosen, month: event.currentTarget.value })}>
            {monthsToChoose(chosen.month).map((month) => (
              <option key={month} value={month}>
                {monthName(month)}
              </option>
            ))}
          </select>
        </label>
        <label class="desk-inline">
          <span>{c("queue.desk")}</span>
          <select class="desk-input" value={chosen.desk} onChange={(event) => choose({ ...chosen, desk: event.currentTarget.value })}>
            <option value={EVERY}>{c("statistics.every_desk")}</option>
            {desks.map((each) => (
              <option key={each.desk} value={each.desk}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
      </form>
      <p class="desk-count" role="status">
        {known ? c("statistics.count", { rows: known.rows.length, month: monthName(known.month) }) : ""}
      </p>
      <ProblemNotice error={failure} />
      {failure ? <Button onClick={() => setAttempt(attempt + 1)}>{c("again")}</Button> : null}
      {!known && !failure && <Loading />}
      {known && known.rows.length > 0 && <Table known={known} />}
      {known && known.rows.length === 0 && (
        <div class="desk-nothing">
          <p class="desk-nothing__title">{c("statistics.nothing")}</p>
        </div>
      )}
      <p class="desk-quiet">{c("statistics.note")}</p>
      {known && <FiledOnline known={known} chosen={chosen.desk} onChanged={setKnown} />}
    </main>
  );
}

function Table({ known }: { known: Statistics }) {
  const several = new Set(known.rows.map((row) => row.desk)).size > 1;
  return (
    <div class="desk-table-frame" role="group" aria-label={c("statistics.title")} tabIndex={0}>
      <table class="desk-table desk-statistics">
        <thead>
          <tr>
            <th scope="col">{c("queue.nationality")}</th>
            {several && <th scope="col">{c("statistics.mission")}</th>}
            <th scope="col">{c("queue.procedure")}</th>
            {COUNTS.map((name) => (
              <th key={name} scope="col" class="desk-statistics__number">
                {c(`statistics.${name}`)}
              </th>
            ))}
            <th scope="col" class="desk-statistics__number">
              {c("statistics.mean_days")}
            </th>
          </tr>
        </thead>
        <tbody>
          {known.rows.map((row) => (
            <tr key={`${row.desk} ${row.nationality} ${row.procedure}`}>
              <th scope="row">{row.nationality_text}</th>
              {several && <td>{row.desk_title}</td>}
              <td>
                {row.title} <span class="desk-quiet">{textOfCode("family", row.family)}</span>
              </td>
              <Numbers of={row} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={several ? 3 : 2}>
              {c("statistics.sum")}
            </th>
            <Numbers of={sumOf(known.rows)} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Numbers({ of }: { of: Figures }) {
  const { locale } = describe(language.value);
  const mean = meanDays(of);
  return (
    <>
      {COUNTS.map((name) => (
        <td key={name} class="desk-statistics__number">
          {of[name].toLocaleString(locale)}
        </td>
      ))}
      <td class="desk-statistics__number">{mean === null ? "—" : mean.toLocaleString(locale, { minimumFractionDigits: 1 })}</td>
    </>
  );
}

/** Names as they are read here, and the codes that programs want. */
function download(known: Statistics, asked: string): void {
  const named = ["month", "desk", "mission", "nationality_code", "nationality", "procedure_code", "procedure", "family", ...COUNTS, "days"] as const;
  const heading = named.map((name) => c(`statistics.csv.${name}`));
  const rows = known.rows.map((row) => [
    known.month,
    row.desk,
    row.desk_title,
    row.nationality,
    row.nationality_text,
    row.procedure,
    row.title,
    textOfCode("family", row.family),
    ...COUNTS.map((name) => row[name]),
    row.days,
  ]);
  const url = URL.createObjectURL(new Blob([csvOf([heading, ...rows])], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `ryoji-${asked}-${known.month}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A reload, or a link from a colleague, finds the same month and desk. */
function askedInAddress(): { desk: string; month: string } {
  const asked = new URLSearchParams(location.search);
  const month = asked.get("month") ?? "";
  return { desk: asked.get("desk") ?? EVERY, month: isMonth(month) ? month : (monthsToChoose(null)[0] ?? "") };
}
