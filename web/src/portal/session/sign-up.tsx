import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { Button, ButtonRow, NotificationBanner, TextField, type PageError } from "../../shared/components/index.ts";
import { t } from "../../shared/texts.ts";
import { c, type CaseKey } from "../case-texts.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { AccountProblem, confirmSignUp, passwordRules, resendCode, signUp } from "./cognito.ts";

/** What Cognito says, as an error beside the field that it concerns. */
const PROBLEMS: Record<string, { field: string; text: CaseKey }> = {
  UsernameExistsException: { field: "email", text: "sign_up.exists" },
  InvalidPasswordException: { field: "password", text: "sign_up.password_refused" },
  InvalidParameterException: { field: "email", text: "sign_up.email_wrong" },
  CodeMismatchException: { field: "code", text: "sign_up.code_wrong" },
  ExpiredCodeException: { field: "code", text: "sign_up.code_expired" },
  LimitExceededException: { field: "code", text: "sign_up.too_many" },
  TooManyRequestsException: { field: "code", text: "sign_up.too_many" },
};

export function SignUp() {
  const [email, setEmail] = useState("");
  const [codeSent, setCodeSent] = useState(false);
  if (codeSent) return <EnterCode email={email} back={() => setCodeSent(false)} />;
  return <MakeAccount email={email} setEmail={setEmail} done={() => setCodeSent(true)} />;
}

function useAccountForm() {
  const form = useSubmission();
  const [said, setSaid] = useState<PageError[]>([]);
  const run = (faults: PageError[], command: () => Promise<void>) => {
    setSaid([]);
    return form.submit(faults, async () => {
      try {
        await command();
      } catch (error) {
        const known = error instanceof AccountProblem ? PROBLEMS[error.code] : undefined;
        if (!known) throw error;
        setSaid([{ field: known.field, text: c(known.text) }]);
      }
    });
  };
  const errors = said.length ? said : form.errors;
  return { ...form, errors, run, errorOf: (field: string) => errors.find((error) => error.field === field)?.text };
}

function MakeAccount({ email, setEmail, done }: { email: string; setEmail: (email: string) => void; done: () => void }) {
  const [password, setPassword] = useState("");
  const form = useAccountForm();
  const rules = passwordRules(password);
  const submit = (event: Event) => {
    event.preventDefault();
    const faults: PageError[] = [];
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) faults.push({ field: "email", text: c("sign_up.email_wrong") });
    if (!rules.every((rule) => rule.met)) faults.push({ field: "password", text: c("sign_up.password_refused") });
    void form.run(faults, async () => {
      await signUp(email.trim(), password);
      done();
    });
  };
  return (
    <Page title={c("sign_up.title")} lead={c("sign_up.lead")} errors={form.errors} mend={form.mend}>
      <form noValidate onSubmit={submit}>
        <TextField id="email" type="email" label={c("sign_up.email")} hint={c("sign_up.email_hint")} required plain width="20" autocomplete="email" value={email} onChange={setEmail} error={form.errorOf("email")} />
        <TextField id="password" type="password" label={c("sign_up.password")} hint={<Rules rules={rules} typed={password !== ""} />} required plain autocomplete="new-password" value={password} onChange={setPassword} error={form.errorOf("password")} />
        <ButtonRow>
          <Button type="submit" busy={form.busy}>{c("sign_up.submit")}</Button>
        </ButtonRow>
      </form>
      <p class="ryoji-note">{c("sign_up.have_one")} <a href={links.signIn()}>{t("frame.sign_in")}</a></p>
    </Page>
  );
}

function Rules({ rules, typed }: { rules: ReturnType<typeof passwordRules>; typed: boolean }) {
  return (
    <ul class="ryoji-rules">
      {rules.map(({ id, met }) => (
        <li key={id} class="ryoji-rules__rule" data-met={typed && met ? "" : undefined}>
          {c(`sign_up.rule_${id}`)}
          {typed && met && <span class="ryoji-visually-hidden"> {c("sign_up.rule_met")}</span>}
        </li>
      ))}
    </ul>
  );
}

function EnterCode({ email, back }: { email: string; back: () => void }) {
  const { route, query } = useLocation();
  const [code, setCode] = useState("");
  const [resent, setResent] = useState(false);
  const form = useAccountForm();
  const submit = (event: Event) => {
    event.preventDefault();
    const typed = code.normalize("NFKC").replaceAll(/\s/g, "");
    const faults = /^\d{6}$/.test(typed) ? [] : [{ field: "code", text: c("sign_up.code_form") }];
    void form.run(faults, async () => {
      await confirmSignUp(email.trim(), typed);
      const after = new URLSearchParams({ confirmed: "1", email: email.trim(), return: query["return"] ?? links.account() });
      route(`${links.signIn()}?${after}`);
    });
  };
  const resend = () =>
    void form.run([], async () => {
      setResent(false);
      await resendCode(email.trim());
      setResent(true);
    });
  return (
    <Page title={c("sign_up.code_title")} lead={c("sign_up.code_lead", { email: email.trim() })} errors={form.errors} mend={form.mend}>
      {resent && <NotificationBanner kind="success" live title={c("sign_up.resent")} />}
      <form noValidate onSubmit={submit}>
        <TextField id="code" label={c("sign_up.code")} required plain width="6" inputMode="numeric" autocomplete="one-time-code" value={code} onChange={setCode} error={form.errorOf("code")} />
        <ButtonRow>
          <Button type="submit" busy={form.busy}>{c("sign_up.confirm")}</Button>
          <Button variant="secondary" onClick={resend}>{c("sign_up.resend")}</Button>
        </ButtonRow>
      </form>
      <p class="ryoji-note">
        {c("sign_up.wrong_address")}{" "}
        <button type="button" class="ryoji-link" onClick={back}>{c("sign_up.change_address")}</button>
      </p>
    </Page>
  );
}
