import { useEffect, useId, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { language } from "../../shared/language.ts";
import { desk } from "../connection.ts";
import type { Agency, Desk } from "../desk.ts";
import { Button, Confirm, Field, focusFirstError, Mark, ProblemNotice } from "../parts.tsx";
import { c } from "../texts.ts";
import { EMAIL } from "./email.ts";

/** As the register wants it: small letters, digits and hyphens. */
const CODE = /^[a-z0-9][a-z0-9-]{1,38}$/;
const QUOTA = /^\d{1,6}$/;

interface Wanted {
  code: string;
  name: string;
  desk: string;
  procedures: string[];
  quota: string;
  email: string;
}

type Fault = keyof Wanted;

interface AccreditationProps {
  /** What is changed; without it a new agency is accredited. */
  agency?: Agency;
  desks: Desk[];
  /** The desk that a new agency is first proposed for. */
  at?: string;
  onDone: (agency: Agency) => void;
}

/** What an agency is called, which desk accredits it, what it may file, how much a month, and where it is written to. */
export function Accreditation({ agency, desks, at, onDone }: AccreditationProps) {
  const [wanted, setWanted] = useState<Wanted>(() => asItIs(agency, at ?? desks[0]?.desk ?? ""));
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const procedures = useFiledByAgencies();
  const faults = faultsIn(wanted, agency);
  const change = (part: Partial<Wanted>) => setWanted((now) => ({ ...now, ...part }));
  const errorOf = (field: Fault) => (tried && faults.includes(field) ? c(`agency.error.${field}`) : undefined);
  const deed = agency ? "change" : "accredit";

  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (faults.length) focusFirstError(event.currentTarget);
    else setConfirming(true);
  };
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (!agency) await mustBeFree(wanted.code);
      const { code, quota, name, email, ...rest } = wanted;
      const body = { ...rest, name: name.trim(), email: email.trim(), monthly_quota: Number(quota) };
      onDone(await desk().put<Agency>(`/desk/agencies/${encodeURIComponent(code)}`, body));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
      setConfirming(false);
    }
  };
  return (
    <>
      <form onSubmit={ask} noValidate>
        {!agency && (
          <Field label={c("agency.code")} hint={c("agency.code_hint")} error={errorOf("code")}>
            {(control) => <input {...control} class="desk-input desk-mono" autocomplete="off" spellcheck={false} value={wanted.code} onInput={(event) => change({ code: event.currentTarget.value.trim() })} />}
          </Field>
        )}
        <Field label={c("agencies.name")} error={errorOf("name")}>
          {(control) => <input {...control} class="desk-input" autocomplete="off" maxLength={120} value={wanted.name} onInput={(event) => change({ name: event.currentTarget.value })} />}
        </Field>
        <Field label={c("agency.desk")}>
          {(control) => (
            <select {...control} class="desk-input" value={wanted.desk} onChange={(event) => change({ desk: event.currentTarget.value })}>
              {desks.map((each) => (
                <option key={each.desk} value={each.desk}>
                  {each.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Several legend={c("agency.procedures")} chosen={wanted.procedures} options={procedures} error={errorOf("procedures")} onChange={(chosen) => change({ procedures: chosen })} />
        <Field label={c("agency.quota_field")} hint={c("agency.quota_hint")} error={errorOf("quota")}>
          {(control) => <input {...control} class="desk-input" inputMode="numeric" autocomplete="off" value={wanted.quota} onInput={(event) => change({ quota: event.currentTarget.value.normalize("NFKC").trim() })} />}
        </Field>
        <Field label={c("agency.mailbox")} hint={c("agency.mailbox_hint")} error={errorOf("email")}>
          {(control) => <input {...control} class="desk-input" type="email" autocomplete="off" value={wanted.email} onInput={(event) => change({ email: event.currentTarget.value })} />}
        </Field>
        <Button type="submit" kind="primary">
          {c(`agency.next_${deed}`)}
        </Button>
      </form>
      {problem instanceof TakenError ? <ProblemText text={c("agency.error.taken")} /> : <ProblemNotice error={problem} />}
      {confirming && (
        <Confirm title={c(`agency.confirm_${deed}`)} deed={c(`agency.do_${deed}`)} busy={busy} onConfirm={() => void send()} onBack={() => setConfirming(false)}>
          <p>
            <strong>{wanted.name.trim()}</strong> <span class="desk-mono">{wanted.code}</span>
          </p>
          <p>{procedures.filter(({ id }) => wanted.procedures.includes(id)).map(({ title }) => title).join(", ")}</p>
          <p>{c("agency.a_month", { quota: Number(wanted.quota) })}</p>
          <p>{wanted.email.trim()}</p>
        </Confirm>
      )}
    </>
  );
}

/** Somebody else's agency of that code is not changed by who meant to accredit a new one. */
class TakenError extends Error {}

async function mustBeFree(code: string): Promise<void> {
  try {
    await desk().get<Agency>(`/desk/agencies/${encodeURIComponent(code)}`);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return;
    throw error;
  }
  throw new TakenError(code);
}

function ProblemText({ text }: { text: string }) {
  return (
    <p class="desk-field__error" role="alert">
      <Mark tone="bad" />
      {text}
    </p>
  );
}

function asItIs(agency: Agency | undefined, desk: string): Wanted {
  if (!agency) return { code: "", name: "", desk, procedures: [], quota: "", email: "" };
  const { code, name, procedures, quota } = agency;
  return { code, name, desk: agency.desk, procedures, quota: String(quota), email: agency.email ?? "" };
}

function faultsIn({ code, name, procedures, quota, email }: Wanted, agency: Agency | undefined): Fault[] {
  const faults: [Fault, boolean][] = [
    ["code", !agency && !CODE.test(code)],
    ["name", !name.trim()],
    ["procedures", !procedures.length],
    ["quota", !QUOTA.test(quota)],
    ["email", !EMAIL.test(email.trim())],
  ];
  return faults.filter(([, wrong]) => wrong).map(([field]) => field);
}

/** The procedures that an agency may file. */
function useFiledByAgencies(): { id: string; title: string }[] {
  const [known, setKnown] = useState<{ id: string; title: string }[]>([]);
  useEffect(() => {
    desk()
      .get<{ procedures: { id: string; title: string; actors: string[] }[] }>("/procedures", { anonymous: true })
      .then(({ procedures }) => setKnown(procedures.filter(({ actors }) => actors.includes("agency"))))
      .catch(() => undefined);
  }, [language.value]);
  return known;
}

interface SeveralProps {
  legend: string;
  chosen: string[];
  options: { id: string; title: string }[];
  error?: string;
  onChange: (chosen: string[]) => void;
}

/** Some of a list. What is chosen and not on the list any more stays, and is shown by its name. */
function Several({ legend, chosen, options, error, onChange }: SeveralProps) {
  const id = useId();
  const gone = chosen.filter((each) => !options.some((option) => option.id === each)).map((each) => ({ id: each, title: each }));
  const toggle = (each: string, on: boolean) => onChange(on ? [...chosen, each] : chosen.filter((other) => other !== each));
  return (
    <fieldset class="desk-choice" data-invalid={error ? "yes" : "no"} aria-describedby={error ? `${id}-error` : undefined}>
      <legend class="desk-field__label">{legend}</legend>
      {error && (
        <p class="desk-field__error" id={`${id}-error`}>
          <Mark tone="bad" />
          {error}
        </p>
      )}
      {[...options, ...gone].map((option) => (
        <label class="desk-choice__option" key={option.id}>
          <input type="checkbox" checked={chosen.includes(option.id)} onChange={(event) => toggle(option.id, event.currentTarget.checked)} />
          <span>{option.title}</span>
        </label>
      ))}
    </fieldset>
  );
}
