import { useLocation } from "preact-iso";
import type { ComponentChildren, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Agency, CaseRow, CaseView } from "../../shared/contract.ts";
import { Button, ButtonRow, Field, NotificationBanner, ProgressBar, Select, Table, Tag, TextArea, describedBy, type PageError } from "../../shared/components/index.ts";
import { language } from "../../shared/language.ts";
import { t } from "../../shared/texts.ts";
import { describeProcedure, refresh, type Described } from "../cases/store.ts";
import { fetchTogether } from "../cases/together.ts";
import { dropUnsavedList, keepUnsavedList, unsavedListOf } from "../forms/unsaved.ts";
import { links } from "../links.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { useOffered } from "../offered.ts";
import { Page } from "../page.tsx";
import { NotFound } from "../pages/not-found.tsx";
import { toneOf } from "../tone.ts";
import { v } from "../travel-texts.ts";
import { fetchAgency } from "./agency.tsx";
import { Columns, DocumentNames } from "./columns.tsx";
import { Confirm } from "./confirm.tsx";
import { eachAtOnce, fileAll, textsOf } from "./filing.ts";
import { inOrder, nameOf, withNews, type Lines, type News } from "./lines.ts";
import { Missing } from "./missing.tsx";
import { doubtful, placePictures, sendPictures } from "./pictures.ts";
import { appliesAsFamily, faultOfFirst, readRoster, type RosterFault } from "./roster.ts";
import { submitAll, toBeShown } from "./sending.ts";

interface Known {
  agency: Agency | undefined;
  /** The group's applications; none while it is not begun. */
  rows: CaseRow[];
  procedures: Described[];
}

/** A group of travellers: pasted as a list, one application a line, sent together. */
export function GroupPage({ code }: { code: string }) {
  const { query } = useLocation();
  const start = query["group"] ?? null;
  const known = useLoad<Known>(async () => {
    const [agency, together] = await Promise.all([fetchAgency(code), start ? fetchTogether(start) : []]);
    const rows = together.filter((row) => row.agency === code);
    return { agency, rows, procedures: await Promise.all((agency?.procedures ?? []).map(describeProcedure)) };
  }, [code]);
  return (
    <Loaded of={known} title={t("loading.title")}>
      {({ agency, rows, procedures }) => (agency && procedures[0] ? <Filing agency={agency} rows={rows} procedures={procedures} start={start} /> : <NotFound />)}
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
  procedures: Described[];
  start: string | null;
}

/** An application by which it is read, and by which it is named while it cannot be. */
type Wanted = Pick<CaseRow, "case_id" | "applicant">;

function Filing({ agency, rows, procedures, start }: FilingProps) {
  const { route } = useLocation();
  const [group, setGroup] = useState(start);
  const [chosen, setChosen] = useState(procedures[0]?.procedure.id ?? "");
  const [text, setText] = useState(() => unsavedListOf(agency.code, start));
  const [lines, setLines] = useState<Lines>(new Map());
  const [unread, setUnread] = useState<Wanted[]>([]);
  const [unopened, setUnopened] = useState<string[]>([]);
  const [faults, setFaults] = useState<PageError[]>([]);
  const [work, setWork] = useState<Work | null>(null);
  const [shown, setShown] = useState<CaseView[] | null>(null);
  const described = procedures.find(({ procedure }) => procedure.id === (rows[0]?.procedure ?? chosen)) ?? procedures[0];
  const procedure = described?.procedure;
  useOffered(procedure?.languages);
  const put = (news: News) => setLines((now) => withNews(now, news));
  const step = () => setWork((now) => now && { ...now, done: now.done + 1 });
  const read = (wanted: Wanted[]) => {
    setUnread([]);
    void eachAtOnce(wanted, async (row) => {
      try {
        put({ kase: await refresh(row.case_id), of: "reading", errors: [] });
      } catch {
        setUnread((now) => [...now, row]);
      }
    });
  };
  // Statuses and titles are in the language in which they were read.
  useEffect(() => read(everyone(rows, lines)), [language.value]);
  if (!described || !procedure) return <NotFound />;

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
  const hold = (list: string) => {
    setText(list);
    keepUnsavedList(agency.code, group, list);
  };
  const file = () => {
    const roster = readRoster(text, procedure);
    const wrong = [...roster.faults, ...(group ? [] : faultOfFirst(roster.travellers))];
    if (wrong.length) return setFaults(wrong.map((fault) => ({ field: "roster", text: textOf(fault) })));
    setUnopened([]);
    return void doing(roster.travellers.length, async () => {
      let unsaved = 0;
      const joined = await fileAll({ agency: agency.code, procedure, group }, roster.travellers, rows, {
        line({ traveller, kase, errors, kept }) {
          step();
          if (errors.length) unsaved += 1;
          if (kase) put({ kase, of: "list", errors, kept, place: traveller.line });
          else setUnopened((now) => [...now, v("group.line", { line: traveller.line, text: errors.join(" ") })]);
        },
        begun(joined) {
          setGroup(joined);
          // A reload of this page comes back to the group, not to a new one, and finds the list there.
          keepUnsavedList(agency.code, joined, unsavedListOf(agency.code, null));
          dropUnsavedList(agency.code, null);
          route(links.group(agency.code, joined), true);
        },
      });
      if (joined && !unsaved) dropUnsavedList(agency.code, joined);
    });
  };
  const cases = [...lines.values()].map(({ kase }) => kase);
  const sendable = inOrder(lines).map(({ kase }) => kase).filter((kase) => kase.may.includes("submit"));
  const doubts = sendable.filter((kase) => doubtful(kase).length).length;
  const tell = (news: News) => {
    step();
    put(news);
  };
  const tellOfSending = (kase: CaseView, errors: string[]) => tell({ kase, of: "sending", errors });
  const show = () =>
    void doing(sendable.length, async () => {
      const fresh = await toBeShown(sendable, tellOfSending);
      if (fresh.length) setShown(fresh);
    });
  const send = (confirmed: CaseView[]) => {
    setShown(null);
    void doing(confirmed.length, () => submitAll(confirmed, tellOfSending));
  };
  const addPictures = (files: File[]) => {
    const { placed, strays } = placePictures(files, cases.filter(({ status }) => status === "draft"));
    void doing(placed.length, async () => {
      setFaults(strays.map((name) => ({ field: "pictures", text: v("group.stray", { name }) })));
      await sendPictures(placed, procedure, (kase, document, errors) => tell({ kase, of: `documents/${document}`, errors }));
    });
  };
  return (
    <Page title={group ? v("group.title") : v("group.new")} caption={agency.name} wide back={{ href: links.agency(agency.code), text: v("group.back") }} errors={faults}>
      {agency.suspended && <NotificationBanner kind="error" title={v("agency.suspended")}><p>{v("agency.suspended_text")}</p></NotificationBanner>}
      {procedures.length > 1 && !group && <Select id="procedure" label={v("group.procedure")} plain value={chosen} onChange={setChosen} choices={procedures.map(({ procedure: { id, title } }) => ({ value: id, label: title }))} />}
      {!agency.suspended && (
        <ListSection described={described} text={text} setText={hold} error={faults.find(({ field }) => field === "roster")?.text}>
          <ButtonRow><Button busy={work !== null} onClick={file}>{v("group.open_all")}</Button></ButtonRow>
        </ListSection>
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
              { id: "name", header: true, title: v("wallet.holder"), cell: ({ kase }) => <Name kase={kase} /> },
              { id: "status", title: v("group.status"), cell: ({ kase }) => <Tag tone={toneOf(kase.status, kase.permission?.status ?? null)}>{kase.status_text}</Tag> },
              { id: "left", title: v("group.missing"), cell: (line) => <Missing line={line} /> },
            ]}
          />
          <DocumentNames procedure={procedure} />
          <FileField id="pictures" label={v("group.pictures")} hint={v("group.pictures_hint")} accept="image/jpeg,image/png,image/heic" multiple choose={addPictures} error={faults.find(({ field }) => field === "pictures")?.text} />
          <p>{v("group.complete", { count: sendable.length })}</p>
          {doubts > 0 && <p>{v("group.doubtful", { count: doubts })}</p>}
          {!agency.suspended && sendable.length > 0 && <ButtonRow><Button busy={work !== null} onClick={show}>{v("group.send")}</Button></ButtonRow>}
        </section>
      )}
      <Confirm shown={shown} onClose={() => setShown(null)} send={send} />
    </Page>
  );
}

interface ListSectionProps {
  described: Described;
  text: string;
  setText: (text: string) => void;
  error?: string;
  children: ComponentChildren;
}

/** What a list is, what becomes of it, and where it is put. */
function ListSection({ described, text, setText, error, children }: ListSectionProps) {
  return (
    <section class="ryoji-section" aria-labelledby="list">
      <h2 id="list">{v("group.list")}</h2>
      <p>{v("group.list_text")}</p>
      <ul class="ryoji-list">
        <li>{v("group.list_again")}</li>
        <li>{v("group.list_change")}</li>
        <li>{v("group.list_shared")}</li>
        {appliesAsFamily(described.procedure) && <li>{v("group.family")}</li>}
      </ul>
      <Columns described={described} />
      <TextArea id="roster" label={v("group.paste")} hint={v("group.paste_hint")} plain rows={8} value={text} onChange={setText} error={error} dir="ltr" />
      <FileField id="roster-file" label={v("group.file")} accept=".csv,.tsv,.txt,text/csv" choose={async ([first]) => first && setText(await first.text())} />
      {children}
    </section>
  );
}

/** All that the page knows of: what the group had when it was opened, and what was opened since. */
function everyone(rows: CaseRow[], lines: Lines): Wanted[] {
  const opened = inOrder(lines).map(({ kase }) => ({ case_id: kase.case_id, applicant: nameOf(kase) }));
  return [...new Map([...rows, ...opened].map((each) => [each.case_id, each])).values()];
}

/** Travellers of the group whose applications could not be had: named, and asked for again. */
function Unread({ rows, again }: { rows: Wanted[]; again: () => void }) {
  return (
    <NotificationBanner kind="warning" title={v("group.unread")} live>
      <ul class="ryoji-list">{rows.map(({ case_id, applicant }) => <li key={case_id}><bdi>{applicant ?? v("companions.nameless")}</bdi></li>)}</ul>
      <Button variant="secondary" size="medium" onClick={again}>{t("failure.retry")}</Button>
    </NotificationBanner>
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
  const take = ({ currentTarget: input }: TargetedEvent<HTMLInputElement>) => {
    const files = [...(input.files ?? [])];
    // Otherwise the same file, chosen again once it is mended, would be no change.
    input.value = "";
    choose(files);
  };
  return (
    <Field {...field} plain>
      <input class="ryoji-file" type="file" id={field.id} accept={accept} multiple={multiple} aria-describedby={describedBy(field)} onChange={take} />
    </Field>
  );
}

function Name({ kase }: { kase: CaseView }) {
  return (
    <>
      <a href={links.case(kase.case_id)}><bdi>{nameOf(kase)}</bdi></a>
      {kase.relation && <p class="ryoji-note">{v("companions.relation", { relation: v(`companions.${kase.relation}`) })}</p>}
    </>
  );
}

function textOf(fault: RosterFault): string {
  if (fault.code === "column") return v("group.fault.column", { column: fault.column });
  if (fault.code === "twice") return v("group.fault.twice", { line: fault.line, key: fault.key });
  if (fault.code === "relation") return v("group.fault.relation", { line: fault.line });
  if (fault.code === "first") return v("group.fault.first", { line: fault.line });
  if (fault.code === "nameless") return v("group.fault.nameless", { line: fault.line });
  return fault.code === "empty" ? v("group.fault.empty") : v("group.fault.no_number");
}
