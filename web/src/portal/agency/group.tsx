import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import type { Agency, CaseRow, CaseView, Procedure } from "../../shared/contract.ts";
import { Button, ButtonRow, Field, NotificationBanner, ProgressBar, Select, Table, Tag, TextArea, describedBy, type PageError } from "../../shared/components/index.ts";
import { t } from "../../shared/texts.ts";
import { isWith } from "../cases/companions.tsx";
import { describeProcedure, refresh } from "../cases/store.ts";
import { links } from "../links.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { useOffered } from "../offered.ts";
import { Page } from "../page.tsx";
import { NotFound } from "../pages/not-found.tsx";
import { toneOf } from "../tone.ts";
import { v } from "../travel-texts.ts";
import { fetchAgency } from "./agency.tsx";
import { eachAtOnce, fileAll, placePictures, sendPictures, submitAll, textsOf } from "./filing.ts";
import { errorsOf, inOrder, withNews, type Lines, type News } from "./lines.ts";
import { columnsOf, readRoster, type RosterFault } from "./roster.ts";

interface Known {
  agency: Agency | undefined;
  rows: CaseRow[];
  procedures: Procedure[];
}

/** A group of travellers: pasted as a list, one application a line, sent together. */
export function GroupPage({ code }: { code: string }) {
  const { query } = useLocation();
  const known = useLoad<Known>(async () => {
    const { agency, rows } = await fetchAgency(code);
    const described = await Promise.all((agency?.procedures ?? []).map(describeProcedure));
    return { agency, rows, procedures: described.map(({ procedure }) => procedure) };
  }, [code]);
  return (
    <Loaded of={known} title={t("loading.title")}>
      {({ agency, rows, procedures }) => (agency && procedures[0] ? <Filing agency={agency} rows={rows} procedures={procedures} start={query["group"] ?? null} /> : <NotFound />)}
    </Loaded>
  );
}

interface Work {
  done: number;
  of: number;
}

interface FilingProps {
  agency: Agency;
  rows: CaseRow[];
  procedures: Procedure[];
  start: string | null;
}

function Filing({ agency, rows, procedures, start }: FilingProps) {
  const { route } = useLocation();
  const [group, setGroup] = useState(start);
  const [chosen, setChosen] = useState(procedures[0]?.id ?? "");
  const [text, setText] = useState("");
  const [lines, setLines] = useState<Lines>(new Map());
  const [unread, setUnread] = useState<CaseRow[]>([]);
  const [unopened, setUnopened] = useState<string[]>([]);
  const [faults, setFaults] = useState<PageError[]>([]);
  const [work, setWork] = useState<Work | null>(null);
  const mine = rows.filter((row) => group !== null && isWith(row, group));
  const procedure = procedures.find(({ id }) => id === (mine[0]?.procedure ?? chosen)) ?? procedures[0];
  useOffered(procedure?.languages);
  const put = (news: News) => setLines((now) => withNews(now, news));
  const step = () => setWork((now) => now && { ...now, done: now.done + 1 });
  const read = (wanted: CaseRow[]) => {
    setUnread([]);
    void eachAtOnce(wanted, async (row) => {
      try {
        put({ kase: await refresh(row.case_id), of: "reading", errors: [] });
      } catch {
        setUnread((now) => [...now, row]);
      }
    });
  };
  useEffect(() => read(mine), []);
  if (!procedure) return <NotFound />;

  const doing = async (count: number, run: () => Promise<void>) => {
    setFaults([]);
    setWork({ done: 0, of: count });
    try {
      await run();
    } catch (error) {
      setFaults(textsOf(error).map((each) => ({ text: each })));
    } finally {
      setWork(null);
    }
  };
  const file = () => {
    const roster = readRoster(text, procedure);
    if (roster.faults.length) return setFaults(roster.faults.map((fault) => ({ field: "roster", text: textOf(fault) })));
    setUnopened([]);
    return void doing(roster.travellers.length, async () => {
      await fileAll({ agency: agency.code, procedure, group }, roster.travellers, mine, {
        line({ traveller, kase, errors }) {
          step();
          if (kase) put({ kase, of: "list", errors, place: traveller.line });
          else setUnopened((now) => [...now, v("group.line", { line: traveller.line, text: errors.join(" ") })]);
        },
        begun(joined) {
          setGroup(joined);
          // A reload of this page comes back to the group, not to a new one.
          route(links.group(agency.code, joined), true);
        },
      });
    });
  };
  const cases = [...lines.values()].map(({ kase }) => kase);
  const sendable = cases.filter((kase) => kase.may.includes("submit"));
  const tell = (news: News) => {
    step();
    put(news);
  };
  const send = () => void doing(sendable.length, () => submitAll(sendable, (kase, errors) => tell({ kase, of: "sending", errors })));
  const addPictures = (files: File[]) => {
    const { placed, strays } = placePictures(files, cases.filter(({ status }) => status === "draft"));
    void doing(placed.length, async () => {
      setFaults(strays.map((name) => ({ field: "pictures", text: v("group.stray", { name }) })));
      await sendPictures(placed, (kase, document, errors) => tell({ kase, of: `documents/${document}`, errors }));
    });
  };
  return (
    <Page title={group ? v("group.title") : v("group.new")} caption={agency.name} wide back={{ href: links.agency(agency.code), text: v("group.back") }} errors={faults}>
      {agency.suspended && <NotificationBanner kind="error" title={v("agency.suspended")}><p>{v("agency.suspended_text")}</p></NotificationBanner>}
      {procedures.length > 1 && !group && <Select id="procedure" label={v("group.procedure")} plain value={chosen} onChange={setChosen} choices={procedures.map(({ id, title }) => ({ value: id, label: title }))} />}
      {!agency.suspended && (
        <section class="ryoji-section" aria-labelledby="list">
          <h2 id="list">{v("group.list")}</h2>
          <p>{v("group.list_text")}</p>
          <Columns procedure={procedure} />
          <TextArea id="roster" label={v("group.paste")} hint={v("group.paste_hint")} plain rows={8} value={text} onChange={setText} error={faults.find(({ field }) => field === "roster")?.text} dir="ltr" />
          <FileField id="roster-file" label={v("group.file")} accept=".csv,.tsv,.txt,text/csv" choose={async ([first]) => first && setText(await first.text())} />
          <ButtonRow><Button busy={work !== null} onClick={file}>{v("group.open_all")}</Button></ButtonRow>
        </section>
      )}
      {work && <ProgressBar label={v("group.progress", { done: work.done, count: work.of })} value={work.of ? work.done / work.of : 0} />}
      <p class="ryoji-visually-hidden" role="status">{work ? v("group.working") : ""}</p>
      {unopened.length > 0 && <NotificationBanner kind="error" title={v("group.not_opened")} live><ul class="ryoji-list">{unopened.map((each) => <li key={each}>{each}</li>)}</ul></NotificationBanner>}
      {unread.length > 0 && <Unread rows={unread} again={() => read(unread)} />}
      {lines.size > 0 && (
        <section class="ryoji-section">
          <h2>{v("group.travellers")}</h2>
          <Table
            caption={v("group.travellers")}
            captionHidden
            rowKey={({ kase }) => kase.case_id}
            rows={inOrder(lines)}
            columns={[
              { id: "name", header: true, title: v("wallet.holder"), cell: ({ kase }) => <a href={links.case(kase.case_id)}><bdi>{nameOf(kase)}</bdi></a> },
              { id: "status", title: v("group.status"), cell: ({ kase }) => <Tag tone={toneOf(kase.status)}>{kase.status_text}</Tag> },
              { id: "left", title: v("group.missing"), cell: (line) => <Missing kase={line.kase} errors={errorsOf(line)} /> },
            ]}
          />
          <FileField id="pictures" label={v("group.pictures")} hint={v("group.pictures_hint")} accept="image/jpeg,image/png,image/heic" multiple choose={addPictures} error={faults.find(({ field }) => field === "pictures")?.text} />
          <p>{v("group.complete", { count: sendable.length })}</p>
          {!agency.suspended && sendable.length > 0 && <ButtonRow><Button busy={work !== null} onClick={send}>{v("group.send")}</Button></ButtonRow>}
        </section>
      )}
    </Page>
  );
}

/** Travellers of the group whose applications could not be had: named, and asked for again. */
function Unread({ rows, again }: { rows: CaseRow[]; again: () => void }) {
  return (
    <NotificationBanner kind="warning" title={v("group.unread")} live>
      <ul class="ryoji-list">{rows.map(({ case_id, applicant }) => <li key={case_id}><bdi>{applicant ?? v("companions.nameless")}</bdi></li>)}</ul>
      <Button variant="secondary" size="medium" onClick={again}>{t("failure.retry")}</Button>
    </NotificationBanner>
  );
}

function Columns({ procedure }: { procedure: Procedure }) {
  return (
    <details class="ryoji-details">
      <summary>{v("group.columns")}</summary>
      <p dir="ltr" class="ryoji-columns"><code>{columnsOf(procedure).join(",")}</code></p>
    </details>
  );
}

interface FileFieldProps {
  id: string;
  label: string;
  hint?: string;
  accept: string;
  multiple?: boolean;
  error?: string;
  choose: (files: File[]) => void;
}

function FileField({ choose, accept, multiple, ...field }: FileFieldProps) {
  return (
    <Field {...field} plain>
      <input class="ryoji-file" type="file" id={field.id} accept={accept} multiple={multiple} aria-describedby={describedBy(field)} onChange={(event) => choose([...(event.currentTarget.files ?? [])])} />
    </Field>
  );
}

/** What one application still waits for, and what the server said of its line. */
function Missing({ kase, errors }: { kase: CaseView; errors: string[] }) {
  const sections = kase.sections.filter(({ status }) => status === "todo").map(({ title }) => title);
  const documents = kase.documents.filter(({ status, required, supply }) => required && supply === "upload" && status === "missing").map(({ title }) => title);
  if (kase.status !== "draft") return <bdi>{kase.reference}</bdi>;
  if (!errors.length && !sections.length && !documents.length) return <>{v("group.ready")}</>;
  return (
    <ul class="ryoji-list">
      {errors.map((text) => <li key={text} class="ryoji-field__error">{text}</li>)}
      {[...sections, ...documents].map((title) => <li key={title}>{title}</li>)}
    </ul>
  );
}

/** A line whose name was not taken is found by its passport. */
function nameOf(kase: CaseView): string {
  const answersOf = (section: string) => kase.sections.find(({ id }) => id === section)?.answers ?? {};
  const { surname, given_names } = answersOf("traveller");
  return [surname, given_names].filter(Boolean).join(" ") || String(answersOf("travel_document")["number"] ?? "") || v("companions.nameless");
}

function textOf(fault: RosterFault): string {
  if (fault.code === "column") return v("group.fault.column", { column: fault.column });
  if (fault.code === "twice") return v("group.fault.twice", { line: fault.line, key: fault.key });
  if (fault.code === "nameless") return v("group.fault.nameless", { line: fault.line });
  return fault.code === "empty" ? v("group.fault.empty") : v("group.fault.no_number");
}
