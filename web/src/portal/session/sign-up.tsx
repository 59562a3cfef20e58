import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { tab } from "../../shared/storage.ts";
import { Button, ButtonRow, NotificationBanner, TextField, type PageError } from "../../shared/components/index.ts";
import { t } from "../../shared/texts.ts";
import { c, type CaseKey } from "../case-texts.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { AccountProblem, confirmSignUp, passwordRules, resendCode, signUp } from "./cognito.ts";

/** What Cognito says, as an error beside the field that it concerns. */
const PROBLEMS: Record<string, { field?: string; text: CaseKey }> = {
  UsernameExistsException: { field: "email", text: "sign_up.exists" },
  InvalidPasswordException: { field: "password", text: "sign_up.password_refused" },
  InvalidParameterException: { field: "email", text: "sign_up.email_wrong" },
  CodeMismatchException: { field: "code", text: "sign_up.code_wrong" },
  ExpiredCodeException: { field: "code", text: "sign_up.code_expired" },
  LimitExceededException: { text: "sign_up.too_many" },
  TooManyRequestsException: { text: "sign_up.too_many" },
};

interface Progress {
  email: string;
  /** What the code was sent for: a new account, or one that was begun before and never confirmed. */
  sent: "new" | "begun" | null;
}

const STORED = "ryoji.sign-up";

/** How far this tab has come: who goes to read the mail and comes back to a reloaded page still enters the code. */
function useProgress() {
  const [progress, setProgress] = useState<Progress>(() => JSON.parse(tab.get(STORED) ?? "null") ?? { email: "", sent: null });
  const go = (next: Progress) => {
    tab.set(STORED, JSON.stringify(next));
    setProgress(next);
  };
  return [progress, go] as const;
}

export function SignUp() {
  const [{ email, sent }, go] = useProgress();
  if (sent) return <EnterCode email={email} begun={sent === "begun"} back={() => go({ email, sent: null })} />;
  return <MakeAccount email={email} setEmail={(typed) => go({ email: typed, sent: null })} done={(how) => go({ email, sent: how })} />;
}

/** An account that was begun and never confirmed is there already: it gets a code, too. */
async function beginAccount(email: string, password: string): Promise<"new" | "begun"> {
  try {
    await signUp(email, password);
    return "new";
  } catch (error) {
    if (!(error instanceof AccountProblem) || error.code !== "UsernameExistsException") throw error;
    // Cognito refuses a code to an account that is confirmed: then there is one, and that is what to say.
    await resendCode(email).catch((refusal: unknown) => {
      throw refusal instanceof AccountProblem && refusal.code === "InvalidParameterException" ? error : refusal;
    });
    return "begun";
  }
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

function MakeAccount({ email, setEmail, done }: { email: string; setEmail: (email: string) => void; done: (how: "new" | "begun") => void }) {
  const [password, setPassword] = useState("");
  const form = useAccountForm();
  const rules = passwordRules(password);
  const submit = (event: Event) => {
    event.preventDefault();
    const faults: PageError[] = [];
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) faults.push({ field: "email", text: c("sign_up.email_wrong") });
    if (!rules.every((rule) => rule.met)) faults.push({ field: "password", text: c("sign_up.password_refused") });
    void form.run(faults, async () => {
      done(await beginAccount(email.trim(), password));
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

function EnterCode({ email, begun, back }: { email: string; begun: boolean; back: () => void }) {
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
      tab.remove(STORED);
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
      {begun && <NotificationBanner title={c("sign_up.begun")}><p>{c("sign_up.begun_text")}</p></NotificationBanner>}
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
