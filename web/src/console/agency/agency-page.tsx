import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { language } from "../../shared/language.ts";
import { desk, me } from "../connection.ts";
import type { Agency, Desk } from "../desk.ts";
import { useClock, Zone } from "../moments.ts";
import { Button, Confirm, Field, focusFirstError, Loading, Mark, Notice, Panel, ProblemNotice } from "../parts.tsx";
import { AGENCIES } from "../places.ts";
import { c } from "../texts.ts";
import { useTitle } from "../title.ts";
import { Accreditation } from "./accreditation.tsx";
import { Staff } from "./staff.tsx";

/** One accredited agency of the officer's desk: what is left of its month, and whether it may file. */
export function AgencyPage({ code = "" }: { code?: string }) {
  const [agency, setAgency] = useState<Agency | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const titles = useTitles();
  useTitle(agency?.name ?? c("agency.title"));
  const read = () => {
    setFailure(null);
    desk().get<Agency>(`/desk/agencies/${encodeURIComponent(code)}`).then(setAgency, setFailure);
  };
  useEffect(read, [code, language.value]);
  const changed = (next: Agency) => {
    setAgency(next);
    document.getElementById("agency-title")?.focus();
  };

  return (
    <main class="desk-page desk-page--narrow" id="content">
      <p>
        <a href={agency ? `${AGENCIES}?${new URLSearchParams({ desk: agency.desk })}` : AGENCIES}>{c("agencies.title")}</a>
      </p>
      <h1 class="desk-page__title">{agency?.name ?? c("agency.title")}</h1>
      {failure ? <CannotRead failure={failure} onRetry={read} /> : null}
      {!agency && !failure && <Loading />}
      {agency && (
        <>
          <Panel id="agency" title={c("agency.title")}>
            <p class="desk-proposal">
              <Mark tone={agency.suspended ? "bad" : "good"} />
              <strong role="status">{c(agency.suspended ? "agency.suspended" : "agency.may_file")}</strong>
            </p>
            <dl class="desk-facts">
              <div>
                <dt>{c("agency.code")}</dt>
                <dd class="desk-mono">{agency.code}</dd>
              </div>
              {agency.reason && (
                <div>
                  <dt>{c(agency.suspended ? "agency.reason" : "agency.reason_before")}</dt>
                  <dd>{agency.reason}</dd>
                </div>
              )}
              <div>
                <dt>{c("agency.desk")}</dt>
                <dd>{agency.desk_title}</dd>
              </div>
              <div>
                <dt>{c("agency.mailbox")}</dt>
                <dd>{agency.email ?? c("agency.no_mailbox")}</dd>
              </div>
              <div>
                <dt>{c("agency.quota")}</dt>
                <dd>{c("agency.left", { left: agency.left, quota: agency.quota })}</dd>
              </div>
              <div>
                <dt>{c("agency.procedures")}</dt>
                <dd>{agency.procedures.map((each) => titles[each] ?? each).join(", ")}</dd>
              </div>
            </dl>
          </Panel>
          <Panel id="staff" title={c("agency.staff")}>
            <Staff of={agency} onChanged={setAgency} />
          </Panel>
          {agency.may.includes("accredit") && (
            <Panel id="accreditation" title={c("agency.change_title")}>
              <Accreditation key={`${agency.code} ${agency.changes.length}`} agency={agency} desks={desksOf(agency)} onDone={changed} />
            </Panel>
          )}
          {agency.may.includes("suspend") && <Suspension key={String(agency.suspended)} agency={agency} onChanged={setAgency} />}
          {agency.changes.length > 0 && (
            <Zone.Provider value={agency.timezone}>
              <Changes of={agency} />
            </Zone.Provider>
          )}
        </>
      )}
    </main>
  );
}

/** An agency may go to another of the officer's desks; the desk that it has is always one of the choices. */
function desksOf({ desk: own, desk_title: title, timezone }: Agency): Desk[] {
  const desks = me.value?.desks ?? [];
  return desks.some((each) => each.desk === own) ? desks : [{ desk: own, title, timezone }, ...desks];
}

function Changes({ of }: { of: Agency }) {
  const { shortMoment } = useClock();
  return (
    <Panel id="changes" title={c("agency.changes")}>
      <ol class="desk-list">
        {of.changes.map((each) => (
          <li key={each.at + each.did}>
            <span class="desk-quiet">{shortMoment(each.at)}</span> {c(`agency.did.${each.did}`)} {each.account} <span class="desk-quiet">({each.by})</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function CannotRead({ failure, onRetry }: { failure: unknown; onRetry: () => void }) {
  if (failure instanceof Problem && failure.status === 404) return <Notice tone="warning" title={c("agency.not_there")} live />;
  return (
    <>
      <ProblemNotice error={failure} />
      <Button onClick={onRetry}>{c("again")}</Button>
    </>
  );
}

/** The procedures' titles by id; without them the ids stand. */
function useTitles(): Record<string, string> {
  const [titles, setTitles] = useState<Record<string, string>>({});
  useEffect(() => {
    desk()
      .get<{ procedures: { id: string; title: string }[] }>("/procedures", { anonymous: true })
      .then(({ procedures }) => setTitles(Object.fromEntries(procedures.map(({ id, title }) => [id, title]))))
      .catch(() => undefined);
  }, [language.value]);
  return titles;
}

function Suspension({ agency, onChanged }: { agency: Agency; onChanged: (agency: Agency) => void }) {
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const deed = agency.suspended ? "restore" : "suspend";

  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (reason.trim()) setConfirming(true);
    else focusFirstError(event.currentTarget);
  };
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      onChanged(await desk().post<Agency>(`/desk/agencies/${encodeURIComponent(agency.code)}/suspension`, { suspended: !agency.suspended, reason: reason.trim() }));
      // The form that was pressed is gone: what it changed has the focus.
      document.getElementById("agency-title")?.focus();
    } catch (error) {
      setProblem(error);
      setConfirming(false);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel id="suspension" title={c(`agency.${deed}_title`)}>
      <form onSubmit={ask} noValidate>
        <Field label={c("agency.reason_field")} hint={c("agency.reason_hint")} error={tried && !reason.trim() ? c("agency.error.reason") : undefined}>
          {(control) => (
            <textarea {...control} class="desk-input" rows={3} maxLength={400} required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          )}
        </Field>
        <Button type="submit" kind={agency.suspended ? "primary" : "danger"}>
          {c(`agency.do_${deed}`)}
        </Button>
      </form>
      <ProblemNotice error={problem} />
      {confirming && (
        <Confirm title={c(`agency.confirm_${deed}`)} deed={c(`agency.do_${deed}`)} danger={!agency.suspended} busy={busy} onConfirm={() => void send()} onBack={() => setConfirming(false)}>
          <p>
            <strong>{agency.name}</strong>
          </p>
          <p class="desk-written">{reason.trim()}</p>
          <p>{c(`agency.then_${deed}`)}</p>
        </Confirm>
      )}
    </Panel>
  );
}
