import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { language } from "../../shared/language.ts";
import { desk } from "../connection.ts";
import type { Agency } from "../desk.ts";
import { Button, Confirm, Field, focusFirstError, Loading, Mark, Notice, Panel, ProblemNotice } from "../parts.tsx";
import { AGENCIES } from "../places.ts";
import { c } from "../texts.ts";
import { useTitle } from "../title.ts";

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
                <dt>{c("agency.quota")}</dt>
                <dd>{c("agency.left", { left: agency.left, quota: agency.quota })}</dd>
              </div>
              <div>
                <dt>{c("agency.procedures")}</dt>
                <dd>{agency.procedures.map((each) => titles[each] ?? each).join(", ")}</dd>
              </div>
              <div>
                <dt>{c("agency.staff")}</dt>
                <dd>
                  <Staff of={agency} />
                </dd>
              </div>
            </dl>
          </Panel>
          {agency.may.includes("suspend") && <Suspension key={String(agency.suspended)} agency={agency} onChanged={setAgency} />}
        </>
      )}
    </main>
  );
}

/** Who may file in the agency's name; whose account is shut is said. */
function Staff({ of }: { of: Agency }) {
  if (!of.staff.length) return <>{c("agency.no_staff")}</>;
  return (
    <ul class="desk-accounts">
      {of.staff.map(({ email, enabled }) => (
        <li key={email}>
          {email} {!enabled && <span class="desk-quiet">{c("agency.account_shut")}</span>}
        </li>
      ))}
    </ul>
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
