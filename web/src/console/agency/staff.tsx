import { useState } from "preact/hooks";
import { desk } from "../connection.ts";
import type { Agency } from "../desk.ts";
import { Button, Confirm, Field, focusFirstError, ProblemNotice } from "../parts.tsx";
import { c } from "../texts.ts";
import { EMAIL } from "./email.ts";

/** Who may file in the agency's name; who accredits it adds and removes accounts. */
export function Staff({ of, onChanged }: { of: Agency; onChanged: (agency: Agency) => void }) {
  const [leaving, setLeaving] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const mayChange = of.may.includes("accredit");

  const send = async (path: "staff" | "staff/removal", email: string) => {
    setBusy(true);
    setProblem(null);
    try {
      onChanged(await desk().post<Agency>(`/desk/agencies/${encodeURIComponent(of.code)}/${path}`, { email }));
      return true;
    } catch (error) {
      setProblem(error);
      return false;
    } finally {
      setBusy(false);
      setLeaving("");
    }
  };
  return (
    <>
      {!of.staff.length && <p>{c("agency.no_staff")}</p>}
      <ul class="desk-accounts">
        {of.staff.map(({ email, enabled }) => (
          <li key={email}>
            {email} {!enabled && <span class="desk-quiet">{c("agency.account_shut")}</span>}{" "}
            {mayChange && (
              <Button small aria-label={c("agency.remove_this", { email })} onClick={() => setLeaving(email)}>
                {c("agency.remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && <Joining busy={busy} onJoin={(email) => send("staff", email)} />}
      <ProblemNotice error={problem} />
      {leaving && (
        <Confirm title={c("agency.confirm_remove")} deed={c("agency.remove")} danger busy={busy} onConfirm={() => void send("staff/removal", leaving)} onBack={() => setLeaving("")}>
          <p>
            <strong>{leaving}</strong>
          </p>
          <p>{c("agency.then_remove")}</p>
        </Confirm>
      )}
    </>
  );
}

function Joining({ busy, onJoin }: { busy: boolean; onJoin: (email: string) => Promise<boolean> }) {
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const wrong = !EMAIL.test(email.trim());
  const join = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return focusFirstError(event.currentTarget);
    if (!(await onJoin(email.trim()))) return;
    setEmail("");
    setTried(false);
  };
  return (
    <form onSubmit={(event) => void join(event)} noValidate>
      <Field label={c("agency.email")} hint={c("agency.email_hint")} error={tried && wrong ? c("agency.error.email") : undefined}>
        {(control) => <input {...control} class="desk-input" type="email" autocomplete="off" value={email} onInput={(event) => setEmail(event.currentTarget.value)} />}
      </Field>
      <Button type="submit" busy={busy}>
        {c("agency.add")}
      </Button>
    </form>
  );
}
