import { useLocation } from "preact-iso";
import { Problem } from "../../shared/api.ts";
import { me } from "../connection.ts";
import type { DeskCase, Finding } from "../desk.ts";
import { shortDate, useClock, Zone } from "../moments.ts";
import { Button, Due, Loading, Notice, Panel, ProblemNotice, StatusChip } from "../parts.tsx";
import { agencyUrl, caseUrl, QUEUE } from "../places.ts";
import { queueFilter, rows } from "../queue/queue-state.ts";
import { filterRows } from "../queue/rows.ts";
import { useShortcuts } from "../shortcuts.tsx";
import { c, type ConsoleKey, textOfCode } from "../texts.ts";
import { useTitle } from "../title.ts";
import { Actions, ProblemOf } from "./actions.tsx";
import { AnswersPanel } from "./answers.tsx";
import { type CaseFile, useCaseFile } from "./case-file.ts";
import { ComparisonPanel } from "./comparison.tsx";
import { FacesPanel } from "./faces.tsx";
import { Attention, FindingsPanel } from "./findings.tsx";
import { HitsPanel } from "./hits.tsx";
import { IdentityPanel } from "./identity.tsx";
import { InterviewsPanel } from "./interviews.tsx";
import { HistoryPanel, MessagesPanel, OthersPanel } from "./record.tsx";
import { DocumentFigure } from "./viewer.tsx";

const PARTS = ["documents", "faces", "hits", "comparison", "findings", "identity", "interviews", "others", "answers", "messages", "history"] as const;

/** The parts that this case has, in the order of the page. */
function partsOf(file: DeskCase): string[] {
  const has: Record<string, boolean> = {
    hits: file.family !== "passport" || file.hits.length > 0,
    identity: file.identity.assurance === "signature_certificate" || file.identity.read,
    interviews: file.interviews.length > 0,
  };
  return PARTS.filter((part) => has[part] ?? true);
}

/** Nine parts have a key of their own, the tenth has 0. */
function keyOf(index: number): string {
  return index < 10 ? String((index + 1) % 10) : "";
}

/** All evidence of one case on one screen, and beside it what can be done. */
export function CasePage({ caseId = "" }: { caseId?: string }) {
  const held = useCaseFile(caseId);
  const { file, failure } = held;
  useTitle(file?.reference ?? c("case.title"));
  const parts = file ? partsOf(file) : [];
  useCaseShortcuts(caseId, held, parts);

  if (!file) {
    return (
      <main class="desk-page" id="content">
        <p>
          <a href={QUEUE}>{c("case.back")}</a>
        </p>
        <h1 class="desk-page__title">{c("case.title")}</h1>
        {failure ? <CannotRead failure={failure} onRetry={() => void held.reload()} /> : <Loading />}
      </main>
    );
  }
  return (
    <Zone.Provider value={file.timezone}>
      <main class="desk-case" id="content">
        <CaseHeader file={file} held={held} parts={parts} />
        <div class="desk-case__columns">
          <div class="desk-case__evidence">
            {failure ? <ProblemNotice error={failure} /> : null}
            {held.problem?.reread && <Notice tone="warning" title={c("conflict.title")} live />}
            <Attention file={file} partOf={partOf} />
            <div class="desk-case__pictures">
              <DocumentsPanel file={file} />
              <FacesPanel id="faces" file={file} />
            </div>
            <div class="desk-case__readings">
              {parts.includes("hits") && <HitsPanel id="hits" file={file} held={held} />}
              <ComparisonPanel id="comparison" file={file} />
              <FindingsPanel id="findings" file={file} />
            </div>
            <div class="desk-case__rest">
              {parts.includes("identity") && <IdentityPanel id="identity" file={file} />}
              {parts.includes("interviews") && <InterviewsPanel id="interviews" file={file} />}
              <OthersPanel id="others" file={file} />
              <AnswersPanel id="answers" file={file} />
              <MessagesPanel id="messages" file={file} />
              <HistoryPanel id="history" file={file} />
            </div>
          </div>
          <aside class="desk-case__actions" aria-labelledby="actions-title">
            <h2 class="desk-case__actions-title" id="actions-title" tabIndex={-1}>
              {c("actions.title")}
            </h2>
            <Actions key={file.case_id} file={file} held={held} />
          </aside>
        </div>
      </main>
    </Zone.Provider>
  );
}

function CannotRead({ failure, onRetry }: { failure: unknown; onRetry: () => void }) {
  if (failure instanceof Problem && failure.status === 404) {
    return <Notice tone="warning" title={c("case.not_there")} live />;
  }
  return (
    <>
      <ProblemNotice error={failure} />
      <Button onClick={onRetry}>{c("again")}</Button>
    </>
  );
}

function CaseHeader({ file, held, parts }: { file: DeskCase; held: CaseFile; parts: string[] }) {
  const { shortMoment } = useClock();
  const holder = file.claimed_by;
  const mine = holder !== null && holder.officer === me.value?.officer;
  return (
    <header class="desk-head">
      <div class="desk-head__line">
        <a class="desk-head__back" href={QUEUE}>
          <span aria-hidden="true">‹</span> {c("case.back")}
        </a>
        <h1 class="desk-head__title">
          <span class="desk-reference">{file.reference ?? file.case_id}</span>
          <span class="desk-head__name">{file.applicant.name}</span>
        </h1>
        <span class="desk-head__person">
          {file.applicant.nationality_text && <span class="desk-head__nationality">{file.applicant.nationality_text}</span>}{" "}
          {file.applicant.birth_date && c("case.born", { date: shortDate(file.applicant.birth_date) })}{" "}
          {file.applicant.sex && textOfCode("sex", file.applicant.sex)}
        </span>
        <dl class="desk-head__facts">
          <div>
            <dt>{c("queue.status")}</dt>
            <dd>
              <StatusChip status={file.status} text={file.status_text} />
            </dd>
          </div>
          <div>
            <dt>{c("queue.due")}</dt>
            <dd>
              <Due due={file.due} overdue={file.overdue} />
            </dd>
          </div>
          <div>
            <dt>{c("queue.holder")}</dt>
            <dd>{holder ? (mine ? c("queue.me") : holder.name) : c("queue.nobody")}</dd>
          </div>
        </dl>
        <div class="desk-head__tools">
          {file.may.includes("claim") && (
            <Button small kind="primary" busy={held.busy === "claim"} onClick={() => void held.act("claim")}>
              {c("claim.do")}
            </Button>
          )}
          {file.may.includes("release") && (
            <Button small busy={held.busy === "release"} onClick={() => void held.act("release")}>
              {mine ? c("release.do") : c("release.of", { name: holder?.name ?? "" })}
            </Button>
          )}
        </div>
      </div>
      <ProblemOf action="release" held={held} />
      <div class="desk-head__line desk-head__line--quiet">
        <span>{file.title}</span>
        {file.submitted_at && <span>{c("case.submitted", { at: shortMoment(file.submitted_at) })}</span>}
        {file.group && <a href={caseUrl(file.group)}>{c("case.group", { group: file.group })}</a>}
        {file.relation && <span>{c("case.relation", { relation: c(`relation.${file.relation}`) })}</span>}
        {file.agency && <AgencyLink code={file.agency} />}
        <PartLinks parts={parts} />
      </div>
    </header>
  );
}

function AgencyLink({ code }: { code: string }) {
  return <a href={agencyUrl(code)}>{c("case.agency", { code })}</a>;
}

function PartLinks({ parts }: { parts: string[] }) {
  return (
    <nav class="desk-parts" aria-label={c("case.parts")}>
      <ol>
        {parts.map((part, index) => (
          <li key={part}>
            <PartLink part={part} sign={keyOf(index)} />
          </li>
        ))}
        <li>
          <PartLink part="actions" sign="a" />
        </li>
      </ol>
    </nav>
  );
}

function PartLink({ part, sign }: { part: string; sign: string }) {
  return (
    <a href={`#${part}`} onClick={(event) => jump(event, part)}>
      {sign && (
        <span class="desk-parts__key" aria-hidden="true">
          {sign}
        </span>
      )}
      {c(`${part}.title` as ConsoleKey)}
    </a>
  );
}

function DocumentsPanel({ file }: { file: DeskCase }) {
  const pictured = file.documents.filter((document) => document.upload_id);
  const others = file.documents.filter((document) => !document.upload_id);
  return (
    <Panel id="documents" title={c("documents.title")}>
      <div class="desk-documents">
        {pictured.map((document) => (
          <DocumentFigure key={document.id + (document.upload_id ?? "")} caseId={file.case_id} document={document} />
        ))}
      </div>
      {others.length > 0 && (
        <dl class="desk-facts" aria-label={c("documents.others")}>
          {others.map((document) => (
            <div key={document.id}>
              <dt>{document.title}</dt>
              <dd>{c(`documents.${document.supply}`)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function partOf(finding: Finding): string {
  if (finding.check === "faces") return "faces";
  if (finding.check === "identity") return "identity";
  if (finding.check === "screening") return "hits";
  return "findings";
}

function jump(event: Event | null, part: string): void {
  const heading = document.getElementById(`${part}-title`);
  if (!heading) return;
  event?.preventDefault();
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
}

function useCaseShortcuts(caseId: string, held: CaseFile, parts: string[]): void {
  const { route } = useLocation();
  const officer = me.value?.officer ?? "";
  const neighbour = (by: number) => {
    const order = filterRows(rows.value, queueFilter.value, officer);
    const here = order.findIndex((row) => row.case_id === caseId);
    const next = here < 0 ? undefined : order[here + by];
    if (next) route(caseUrl(next.case_id));
  };
  useShortcuts({
    ...Object.fromEntries(parts.slice(0, 10).map((part, index) => [keyOf(index), () => jump(null, part)])),
    a: () => jump(null, "actions"),
    n: () => neighbour(1),
    p: () => neighbour(-1),
    r: () => void held.reload(),
  });
}
