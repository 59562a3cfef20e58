import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { language } from "../../shared/language.ts";
import { desk, mayBe, me } from "../connection.ts";
import type { DeskCase, QueueRow } from "../desk.ts";
import { useClock, Zone } from "../moments.ts";
import { Button, Due, Loading, Mark, Notice, OutcomeChip, PermissionChip, ProblemNotice, StatusChip } from "../parts.tsx";
import { caseUrl } from "../places.ts";
import { useShortcuts } from "../shortcuts.tsx";
import { useTitle } from "../title.ts";
import { c, textOfCode } from "../texts.ts";
import {
  chooseDesk,
  cursor,
  failure,
  isLoaded,
  loadedFor,
  loading,
  loadRows,
  queueDesk,
  queueFilter,
  queueStatus,
  type QueueStatus,
  refreshRow,
  rows,
  STATUSES,
} from "./queue-state.ts";
import { EVERYTHING, familiesIn, filterRows, findingsInOrder, nationalitiesIn, type QueueFilter } from "./rows.ts";

const LAST_DESK = "ryoji.console.desk";

/** What waits at a desk, in the order in which it falls due. */
export function Queue() {
  const officer = me.value?.officer ?? "";
  const { route } = useLocation();
  const table = useRef<HTMLTableElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [claiming, setClaiming] = useState("");
  const [refusal, setRefusal] = useState<{ caseId: string; error: unknown } | null>(null);
  const shown = filterRows(rows.value, queueFilter.value, officer);
  const foreign = rows.value.some((row) => row.nationality);
  const zone = me.value?.desks.find((each) => each.desk === queueDesk.value)?.timezone;
  useTitle(c("queue.title"));

  useEffect(() => {
    if (!queueDesk.value) takeUpAddress(me.value?.desks.map((each) => each.desk) ?? []);
    if (!queueDesk.value) return;
    if (!isLoaded()) void loadRows();
    keepInAddress();
  }, [queueDesk.value, queueStatus.value, queueFilter.value, language.value]);

  const claim = async (row: QueueRow) => {
    setClaiming(row.case_id);
    setRefusal(null);
    try {
      refreshRow(await desk().post<DeskCase>(`/desk/cases/${row.case_id}/claim`));
      route(caseUrl(row.case_id));
    } catch (error) {
      setRefusal({ caseId: row.case_id, error });
    } finally {
      setClaiming("");
    }
  };

  const links = () => [...(table.current?.querySelectorAll<HTMLAnchorElement>("a[data-case]") ?? [])];
  const focused = () => links().findIndex((link) => link.closest("tr")?.contains(document.activeElement));
  const step = (by: number) => {
    const all = links();
    const next = focused() < 0 ? (by > 0 ? 0 : all.length - 1) : focused() + by;
    all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    c: () => {
      const row = shown[focused()];
      if (row && canClaim(row)) void claim(row);
    },
    r: () => void loadRows(),
    "/": () => search.current?.focus(),
  });

  return (
    <main class="desk-page" id="content">
      <header class="desk-page__head">
        <h1 class="desk-page__title">{c("queue.title")}</h1>
        <DeskChoice />
        <FindByNumber />
        <Button small busy={loading.value} onClick={() => void loadRows()}>
          {c("queue.reload")}
        </Button>
      </header>
      <Filters search={search} />
      <p class="desk-count" role="status">
        {loadedFor.value && !loading.value
          ? c(cursor.value ? "queue.count_more" : "queue.count", { shown: shown.length, loaded: rows.value.length })
          : ""}
      </p>
      <ProblemNotice error={failure.value} />
      {loading.value && rows.value.length === 0 && <Loading />}
      {shown.length > 0 && (
        <div class="desk-table-frame" role="group" aria-label={c("queue.table")} tabIndex={0}>
          <table class="desk-table desk-queue" ref={table}>
            <thead>
              <tr>
                <th scope="col" aria-sort="ascending">
                  {c("queue.due")} <span aria-hidden="true">↑</span>
                </th>
                <th scope="col">{c("queue.reference")}</th>
                <th scope="col" class="desk-queue__applicant">{c("queue.applicant")}</th>
                {foreign && <th scope="col">{c("queue.nationality")}</th>}
                <th scope="col">{c("queue.procedure")}</th>
                <th scope="col" data-spare>{c("queue.status")}</th>
                <th scope="col">{c("queue.findings")}</th>
                <th scope="col" data-spare>{c("queue.submitted")}</th>
                <th scope="col">{c("queue.holder")}</th>
                <th scope="col" class="desk-queue__action">
                  <span class="ryoji-visually-hidden">{c("queue.action")}</span>
                </th>
              </tr>
            </thead>
            <Zone.Provider value={zone}>
              <tbody>
                {shown.map((row) => (
                  <Row
                    key={row.case_id}
                    row={row}
                    foreign={foreign}
                    officer={officer}
                    busy={claiming === row.case_id}
                    refusal={refusal?.caseId === row.case_id ? refusal.error : null}
                    onClaim={() => void claim(row)}
                  />
                ))}
              </tbody>
            </Zone.Provider>
          </table>
        </div>
      )}
      {!loading.value && !failure.value && shown.length === 0 && <Nothing />}
      {cursor.value && (
        <Button busy={loading.value} onClick={() => void loadRows(true)}>
          {c("queue.more")}
        </Button>
      )}
    </main>
  );
}

interface RowProps {
  row: QueueRow;
  /** Whether the table has a column for the nationality. */
  foreign: boolean;
  officer: string;
  busy: boolean;
  refusal: unknown;
  onClaim: () => void;
}

function Row({ row, foreign, officer, busy, refusal, onClaim }: RowProps) {
  const { shortMoment } = useClock();
  const reference = row.reference ?? row.case_id;
  return (
    <>
      <tr data-late={row.overdue ? "yes" : "no"}>
        <td>
          <Due due={row.due} overdue={row.overdue} />
        </td>
        <th scope="row">
          <a class="desk-reference" data-case={row.case_id} href={caseUrl(row.case_id)}>
            {reference}
          </a>
        </th>
        <td class="desk-queue__applicant">{row.applicant ?? "—"}</td>
        {foreign && <td>{row.nationality_text ?? "—"}</td>}
        <td class="desk-queue__procedure">
          {row.title}
        </td>
        <td data-spare>
          {row.permission ? <PermissionChip status={row.permission} /> : <StatusChip status={row.status} text={row.status_text} />}
        </td>
        <td>
          <Findings row={row} />
        </td>
        <td data-spare>{row.submitted_at ? shortMoment(row.submitted_at) : "—"}</td>
        <td>
          <Holder row={row} officer={officer} />
        </td>
        <td class="desk-queue__action">
          {canClaim(row) ? (
            <Button small kind="primary" busy={busy} onClick={onClaim} aria-label={c("queue.claim_this", { reference })}>
              {c("queue.claim")}
            </Button>
          ) : (
            <a class="ryoji-button" data-variant="secondary" data-size="small" href={caseUrl(row.case_id)} aria-label={c("queue.open_this", { reference })}>
              {c("queue.open")}
            </a>
          )}
        </td>
      </tr>
      {refusal ? (
        <tr>
          <td colSpan={foreign ? 10 : 9}>
            <ProblemNotice error={refusal} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** What did not pass, by name; what passed, by number: a row with nothing to see looks it. */
function Findings({ row }: { row: QueueRow }) {
  const passed = Object.values(row.findings).filter((outcome) => outcome === "pass").length;
  return (
    <ul class="desk-chips">
      {findingsInOrder(row.findings)
        .filter(([, outcome]) => outcome !== "pass")
        .map(([check, outcome]) => (
          <li key={check}>
            <OutcomeChip outcome={outcome} label={textOfCode("check", check)} />
          </li>
        ))}
      {row.flags.filter(saysMore).map((flag) => (
        <li class="desk-flag" key={flag}>
          {textOfCode("flag", flag)}
        </li>
      ))}
      {passed > 0 && (
        <li class="desk-passed">
          <Mark tone="good" />
          {c("queue.passed", { passed })}
        </li>
      )}
    </ul>
  );
}

/** The flag that some check wants a look is already said by that check. */
function saysMore(flag: string): boolean {
  return flag !== "attention" && flag !== "review" && flag !== "fail";
}

function Holder({ row, officer }: { row: QueueRow; officer: string }) {
  if (!row.claimed_by) return <span class="desk-quiet">{c("queue.nobody")}</span>;
  return row.claimed_by.officer === officer ? <strong>{c("queue.me")}</strong> : <>{row.claimed_by.name}</>;
}

function canClaim(row: QueueRow): boolean {
  return row.status === "in_review" && !row.claimed_by && mayBe("examiner");
}

function DeskChoice() {
  const desks = me.value?.desks ?? [];
  if (desks.length === 1) return <p class="desk-page__desk">{desks[0]?.title}</p>;
  return (
    <label class="desk-inline">
      <span>{c("queue.desk")}</span>
      <select class="desk-input" value={queueDesk.value} onChange={(event) => (queueDesk.value = event.currentTarget.value)}>
        {desks.map((each) => (
          <option key={each.desk} value={each.desk}>
            {each.title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A case of the officer's desks by its number, whatever its status: the list below holds one status only. */
function FindByNumber() {
  const { route } = useLocation();
  const [number, setNumber] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const find = async (event: Event) => {
    event.preventDefault();
    if (!number.trim()) return;
    setBusy(true);
    setError(null);
    try {
      const found = await desk().get<QueueRow>(`/desk/cases?${new URLSearchParams({ reference: number })}`);
      route(caseUrl(found.case_id));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form class="desk-inline" onSubmit={(event) => void find(event)}>
        <label class="desk-inline">
          <span>{c("queue.find")}</span>
          <input class="desk-input" type="search" autocomplete="off" autocapitalize="characters" size={14} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />
        </label>
        <Button small type="submit" busy={busy}>
          {c("queue.find_do")}
        </Button>
      </form>
      {error instanceof Problem && error.status === 404 ? (
        <Notice tone="warning" title={c("queue.find_none")} live>
          <p>{c("queue.find_none_text")}</p>
        </Notice>
      ) : (
        <ProblemNotice error={error} />
      )}
    </>
  );
}

function Filters({ search }: { search: { current: HTMLInputElement | null } }) {
  const filter = queueFilter.value;
  const change = (part: Partial<QueueFilter>) => {
    queueFilter.value = { ...queueFilter.value, ...part };
  };
  return (
    <form class="desk-filters" role="search" aria-label={c("queue.filters")} onSubmit={(event) => event.preventDefault()}>
      <label class="desk-inline">
        <span>{c("queue.status")}</span>
        <select class="desk-input" value={queueStatus.value} onChange={(event) => (queueStatus.value = event.currentTarget.value as QueueStatus)}>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {c(`status.${status}`)}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="desk-segments">
        <legend class="ryoji-visually-hidden">{c("queue.whose")}</legend>
        {(["all", "mine", "unclaimed"] as const).map((whose) => (
          <label key={whose}>
            <input type="radio" name="whose" checked={filter.whose === whose} onChange={() => change({ whose })} />
            <span>{c(`queue.whose.${whose}`)}</span>
          </label>
        ))}
      </fieldset>
      <FamilyAndNationality filter={filter} change={change} />
      <label class="desk-check">
        <input type="checkbox" checked={filter.overdue} onChange={(event) => change({ overdue: event.currentTarget.checked })} />
        {c("queue.overdue")}
      </label>
      <label class="desk-check">
        <input type="checkbox" checked={filter.attention} onChange={(event) => change({ attention: event.currentTarget.checked })} />
        {c("queue.attention")}
      </label>
      <label class="desk-inline desk-filters__search">
        <span>{c("queue.search")}</span>
        <input
          ref={search}
          class="desk-input"
          type="search"
          autocomplete="off"
          placeholder={c("queue.search_hint")}
          value={filter.text}
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
      </label>
    </form>
  );
}

interface Narrowing {
  filter: QueueFilter;
  change: (part: Partial<QueueFilter>) => void;
}

/** Offered where the desk has more than one to choose from: a passport desk sees neither. */
function FamilyAndNationality({ filter, change }: Narrowing) {
  const families = familiesIn(rows.value, filter.family);
  const nationalities = nationalitiesIn(rows.value, filter.nationality);
  return (
    <>
      {families.length > 1 && (
        <label class="desk-inline">
          <span>{c("queue.family")}</span>
          <select class="desk-input" value={filter.family} onChange={(event) => change({ family: event.currentTarget.value })}>
            <option value="">{c("queue.whose.all")}</option>
            {families.map((family) => (
              <option key={family} value={family}>
                {textOfCode("family", family)}
              </option>
            ))}
          </select>
        </label>
      )}
      {nationalities.length > 0 && (
        <label class="desk-inline">
          <span>{c("queue.nationality")}</span>
          <select class="desk-input" value={filter.nationality} onChange={(event) => change({ nationality: event.currentTarget.value })}>
            <option value="">{c("queue.whose.all")}</option>
            {nationalities.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

function Nothing() {
  const { whose, overdue, attention, text, nationality, family } = queueFilter.value;
  const narrowed = whose !== "all" || overdue || attention || `${text}${nationality}${family}` !== "";
  return (
    <div class="desk-nothing">
      <p class="desk-nothing__title">{c(narrowed ? "queue.nothing_fits" : "queue.nothing")}</p>
      <p>{c(narrowed ? (cursor.value ? "queue.nothing_fits_more" : "queue.nothing_fits_hint") : "queue.nothing_hint")}</p>
      {narrowed && <Button onClick={() => (queueFilter.value = EVERYTHING)}>{c("queue.clear")}</Button>}
    </div>
  );
}

/** A reload, or a link from a colleague, finds the same desk and status; a new day begins at the desk of the last. */
function takeUpAddress(desks: string[]): void {
  const asked = new URLSearchParams(location.search);
  const last = asked.get("desk") ?? localStorage.getItem(LAST_DESK);
  const status = STATUSES.find((each) => each === asked.get("status"));
  if (status) queueStatus.value = status;
  const known = desks.find((each) => each === last);
  if (known) queueDesk.value = known;
  else void chooseDesk(desks);
}

function keepInAddress(): void {
  localStorage.setItem(LAST_DESK, queueDesk.value);
  const query = new URLSearchParams({ desk: queueDesk.value, status: queueStatus.value });
  history.replaceState(history.state, "", `${location.pathname}?${query}`);
}
