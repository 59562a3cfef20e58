import { useState } from "preact/hooks";
import { formatDay, formatLocalTime } from "../../shared/format.ts";
import { Problem } from "../../shared/api.ts";
import { ProblemOf, WhichCase } from "../case/actions.tsx";
import { type CaseFile, useCaseFile } from "../case/case-file.ts";
import { boxOf } from "../case/crop.ts";
import { Face, Likeness } from "../case/faces.tsx";
import type { DeskCase, Finding } from "../desk.ts";
import { shortDate } from "../moments.ts";
import { Button, Choice, Confirm, focusFirstError, Loading, Mark, Notice, ProblemNotice, StatusChip } from "../parts.tsx";
import { caseUrl, COUNTER } from "../places.ts";
import { c, textOfCode } from "../texts.ts";
import { useTitle } from "../title.ts";
import { Camera } from "./camera.tsx";
import { compareFaces, uploadCounterPicture } from "./counter-picture.ts";

/** The one visit: picture, comparison, the officer's own look, the old passport, the new one. */
export function Handover({ caseId = "" }: { caseId?: string }) {
  const held = useCaseFile(caseId);
  const { file, failure } = held;
  useTitle(file ? `${c("handover.title")} ${file.reference ?? ""}` : c("handover.title"));
  if (!file) {
    return (
      <main class="desk-page" id="content">
        <p>
          <a href={COUNTER}>{c("handover.back")}</a>
        </p>
        <h1 class="desk-page__title">{c("handover.title")}</h1>
        {failure instanceof Problem && failure.status === 404 ? (
          <Notice tone="warning" title={c("case.not_there")} live />
        ) : (
          <>
            <ProblemNotice error={failure} />
            {failure ? <Button onClick={() => void held.reload()}>{c("again")}</Button> : null}
          </>
        )}
        {!failure && <Loading />}
      </main>
    );
  }
  return (
    <main class="desk-page" id="content">
      <VisitHead file={file} />
      {file.status === "completed" && (
        <Notice tone="good" title={c("handover.done")} live>
          <p>{c("handover.done_text", { name: file.applicant.name })}</p>
        </Notice>
      )}
      {file.status === "collection" && <Visit file={file} held={held} />}
      {file.status !== "collection" && file.status !== "completed" && (
        <Notice tone="warning" title={c("handover.not_now", { status: file.status_text })} />
      )}
    </main>
  );
}

function VisitHead({ file }: { file: DeskCase }) {
  const { appointment } = file;
  return (
    <header class="desk-page__head">
      <a class="desk-head__back" href={COUNTER}>
        <span aria-hidden="true">‹</span> {c("handover.back")}
      </a>
      <h1 class="desk-page__title">
        {c("handover.title")} <span class="desk-reference">{file.reference}</span>
      </h1>
      <p class="desk-head__person">
        <strong>{file.applicant.name}</strong> {file.applicant.birth_date && c("case.born", { date: shortDate(file.applicant.birth_date) })}{" "}
        {file.applicant.sex && textOfCode("sex", file.applicant.sex)}
      </p>
      <StatusChip status={file.status} text={file.status_text} />
      <p class="desk-quiet">
        {appointment
          ? c("handover.appointment", { day: formatDay(appointment.start), time: formatLocalTime(appointment.start), office: appointment.office.name })
          : c("handover.no_appointment")}
      </p>
      {file.book_number && (
        <p>
          {c("handover.book")} <span class="desk-reference">{file.book_number}</span>
        </p>
      )}
      <a href={caseUrl(file.case_id)}>{c("handover.whole_case")}</a>
    </header>
  );
}

function Visit({ file, held }: { file: DeskCase; held: CaseFile }) {
  const [again, setAgain] = useState(false);
  const [comparing, setComparing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const taken = file.documents.find((document) => document.id === "counter_picture" && document.upload_id);
  const finding = counterFinding(file);
  const compared = taken !== undefined && finding !== undefined && !again;

  const compare = async (work: () => Promise<unknown>) => {
    setComparing(true);
    setProblem(null);
    try {
      await work();
      const answer = await compareFaces(file.case_id);
      held.take(answer.case);
      setAgain(false);
    } catch (error) {
      setProblem(error);
    } finally {
      setComparing(false);
    }
  };
  const send = (picture: Blob) => void compare(async () => held.take(await uploadCounterPicture(file.case_id, picture)));
  const portrait = file.documents.find((document) => document.id === "portrait" || document.checks.includes("portrait"));

  return (
    <div class="desk-visit">
      <section class="desk-panel" aria-labelledby="faces-title">
        <header class="desk-panel__head">
          <h2 class="desk-panel__title" id="faces-title">
            {c("handover.step_faces")}
          </h2>
        </header>
        <div class="desk-panel__body">
          <div class="desk-visit__faces">
            {portrait && <Face caseId={file.case_id} document={portrait} box={boxOf(file.findings, portrait)} />}
            {taken && !again ? (
              <Face key={taken.upload_id} caseId={file.case_id} document={taken} box={boxOf(file.findings, taken)} />
            ) : (
              <Camera busy={comparing} onPicture={send} />
            )}
          </div>
          {comparing && <Loading text={c("handover.comparing")} />}
          <ProblemNotice error={problem} />
          {compared && <Likeness finding={finding} />}
          <Notice tone="info">
            <p>{c("faces.person_decides")}</p>
          </Notice>
          {taken && !again && (
            <div class="desk-buttons">
              {!finding && (
                <Button kind="primary" busy={comparing} onClick={() => void compare(async () => undefined)}>
                  {c("handover.compare")}
                </Button>
              )}
              <Button onClick={() => setAgain(true)}>{c("camera.again")}</Button>
            </div>
          )}
        </div>
      </section>
      <HandOverForm file={file} held={held} compared={compared} />
    </div>
  );
}

/** The latest comparison with the picture taken last: an older picture's says nothing of this one. */
function counterFinding(file: DeskCase): Finding | undefined {
  const taken = file.documents.find((document) => document.id === "counter_picture");
  const finding = file.findings.find((each) => each.check === "faces" && each.document === "counter_picture");
  return finding && Date.parse(finding.at ?? "") >= Date.parse(taken?.received_at ?? "") ? finding : undefined;
}

type OldPassport = "" | "returned" | "cancelled_and_given_back";

function HandOverForm({ file, held, compared }: { file: DeskCase; held: CaseFile; compared: boolean }) {
  const [confirmed, setConfirmed] = useState(false);
  const [oldPassport, setOldPassport] = useState<OldPassport>("");
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);

  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (compared && confirmed && oldPassport) setConfirming(true);
    else focusFirstError(event.currentTarget);
  };
  const send = async () => {
    await held.act("handover", { old_passport: oldPassport, identity_confirmed: confirmed });
    setConfirming(false);
  };

  return (
    <section class="desk-panel" aria-labelledby="handover-title">
      <header class="desk-panel__head">
        <h2 class="desk-panel__title" id="handover-title">
          {c("handover.step_hand_over")}
        </h2>
      </header>
      <form class="desk-panel__body" onSubmit={ask} noValidate>
        {tried && !compared && <Notice tone="warning" title={c("handover.compare_first")} live />}
        <fieldset class="desk-choice" data-invalid={tried && !confirmed ? "yes" : "no"}>
          <legend class="desk-field__label">{c("handover.identity")}</legend>
          {tried && !confirmed && <FieldError text={c("handover.error.identity")} />}
          <label class="desk-choice__option">
            <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.currentTarget.checked)} />
            <span>{c("handover.identity_confirmed", { name: file.applicant.name })}</span>
          </label>
        </fieldset>
        <Choice
          legend={c("handover.old_passport")}
          name="old_passport"
          value={oldPassport}
          error={tried && !oldPassport ? c("handover.error.old_passport") : undefined}
          options={[
            { value: "returned", label: c("handover.returned"), hint: c("handover.returned_hint") },
            { value: "cancelled_and_given_back", label: c("handover.given_back"), hint: c("handover.given_back_hint") },
          ]}
          onChange={(value) => setOldPassport(value as OldPassport)}
        />
        <Button type="submit" kind="primary">
          {c("handover.next")}
        </Button>
        <ProblemOf action="handover" held={held} />
      </form>
      {confirming && (
        <Confirm title={c("handover.confirm")} deed={c("handover.do")} busy={held.busy === "handover"} onConfirm={() => void send()} onBack={() => setConfirming(false)}>
          <WhichCase file={file} />
          <ul class="desk-checks">
            {file.book_number && (
              <li>
                <Mark tone="info" /> {c("handover.book")} <span class="desk-reference">{file.book_number}</span>
              </li>
            )}
            <li>
              <Mark tone="good" /> {c("handover.identity_confirmed", { name: file.applicant.name })}
            </li>
            <li>
              <Mark tone="good" /> {c(oldPassport === "returned" ? "handover.returned" : "handover.given_back")}
            </li>
          </ul>
          <p>{c("handover.then")}</p>
        </Confirm>
      )}
    </section>
  );
}

function FieldError({ text }: { text: string }) {
  return (
    <p class="desk-field__error">
      <Mark tone="bad" />
      {text}
    </p>
  );
}
