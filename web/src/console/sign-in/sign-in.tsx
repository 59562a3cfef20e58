import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Field, Notice } from "../parts.tsx";
import { cognitoPlace, open, signedOutBecause } from "../session.ts";
import { c } from "../texts.ts";
import {
  answerCode,
  answerNewPassword,
  answerSetUp,
  otpauthUri,
  SignInProblem,
  type SignInProblemCode,
  type SignInStep,
  startSignIn,
} from "./cognito.ts";
import { QrCode } from "./qr-code.tsx";

type Fields = Record<string, string>;

/** Name and password, then the second factor; where the pool asks for it also a new password or the app's set-up. */
export function SignIn() {
  const [step, setStep] = useState<SignInStep>({ kind: "credentials" });
  const [problem, setProblem] = useState<SignInProblemCode | null>(null);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);

  useEffect(() => {
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [step.kind]);

  const submit = async (fields: Fields) => {
    setBusy(true);
    setProblem(null);
    try {
      const next = await answer(step, fields);
      if (next.kind === "signed_in") open(next.username, next.tokens);
      else setStep(next);
    } catch (error) {
      const code = error instanceof SignInProblem ? error.code : "unreachable";
      setProblem(code);
      if (code === "expired") setStep({ kind: "credentials" });
    } finally {
      setBusy(false);
    }
  };

  const because = signedOutBecause.value;
  return (
    <main class="desk-sign-in" id="content">
      <h1 class="desk-sign-in__title" ref={heading} tabIndex={-1}>
        {c(`sign_in.title.${step.kind === "signed_in" ? "credentials" : step.kind}`)}
      </h1>
      {step.kind === "credentials" && because !== "never" && !problem && (
        <Notice tone={because === "chosen" ? "info" : "warning"} title={c(`signed_out.${because}`)} live />
      )}
      {problem && (
        <Notice tone="bad" title={c(`sign_in.problem.${problem}`)} live>
          <p>{c(`sign_in.mend.${problem}`)}</p>
        </Notice>
      )}
      <StepForm key={step.kind} step={step} busy={busy} onSubmit={submit} />
      {step.kind !== "credentials" && (
        <Button kind="plain" onClick={() => setStep({ kind: "credentials" })}>
          {c("sign_in.start_again")}
        </Button>
      )}
      <p class="desk-sign-in__note">{c("sign_in.note")}</p>
    </main>
  );
}

function answer(step: SignInStep, fields: Fields): Promise<SignInStep> {
  const place = cognitoPlace();
  const code = (fields.code ?? "").normalize("NFKC").replace(/\D/g, "");
  switch (step.kind) {
    case "code":
      return answerCode(place, step, code);
    case "set_up":
      return answerSetUp(place, step, code);
    case "new_password":
      return answerNewPassword(place, step, fields.password ?? "");
    default:
      return startSignIn(place, (fields.username ?? "").trim(), fields.password ?? "");
  }
}

function StepForm({ step, busy, onSubmit }: { step: SignInStep; busy: boolean; onSubmit: (fields: Fields) => void }) {
  const [missing, setMissing] = useState<string[]>([]);
  const form = useRef<HTMLFormElement>(null);

  const submit = (event: Event) => {
    event.preventDefault();
    if (busy || !form.current) return;
    const fields = Object.fromEntries(new FormData(form.current).entries()) as Fields;
    const empty = Object.keys(fields).filter((name) => name !== "identity" && !fields[name]?.trim());
    if (step.kind === "new_password" && fields.password !== fields.again) empty.push("again");
    setMissing(empty);
    if (empty.length > 0) {
      form.current.querySelector<HTMLInputElement>(`[name="${empty[0]}"]`)?.focus();
      return;
    }
    onSubmit(fields);
  };
  const errorOf = (name: string) => (missing.includes(name) ? c(`sign_in.missing.${name as "code"}`) : undefined);

  return (
    <form ref={form} onSubmit={submit} noValidate>
      {step.kind === "credentials" && (
        <>
          <TextField name="username" autocomplete="username" error={errorOf("username")} />
          <TextField name="password" type="password" autocomplete="current-password" error={errorOf("password")} />
        </>
      )}
      {step.kind === "set_up" && <SetUp username={step.username} secret={step.secret} />}
      {(step.kind === "code" || step.kind === "set_up") && (
        <TextField name="code" inputMode="numeric" autocomplete="one-time-code" hint={c("sign_in.code_hint")} error={errorOf("code")} />
      )}
      {step.kind === "new_password" && (
        <>
          <input class="ryoji-visually-hidden" name="identity" autocomplete="username" value={step.username} readOnly tabIndex={-1} aria-hidden="true" />
          <TextField name="password" label={c("sign_in.new_password")} type="password" autocomplete="new-password" error={errorOf("password")} />
          <TextField name="again" type="password" autocomplete="new-password" error={errorOf("again")} />
        </>
      )}
      <Button type="submit" kind="primary" busy={busy}>
        {c(step.kind === "credentials" ? "sign_in.next" : "sign_in.finish")}
      </Button>
    </form>
  );
}

function SetUp({ username, secret }: { username: string; secret: string }) {
  const uri = otpauthUri("Ryoji", username, secret);
  return (
    <div class="desk-set-up">
      <ol>
        <li>{c("sign_in.set_up.install")}</li>
        <li>{c("sign_in.set_up.scan")}</li>
        <li>{c("sign_in.set_up.type")}</li>
      </ol>
      <QrCode text={uri} label={c("sign_in.set_up.qr")} />
      <dl class="desk-facts">
        <div>
          <dt>{c("sign_in.set_up.secret")}</dt>
          <dd>
            <code class="desk-code" data-testid="secret">
              {secret.replace(/(.{4})(?=.)/g, "$1 ")}
            </code>
          </dd>
        </div>
        <div>
          <dt>{c("sign_in.set_up.uri")}</dt>
          <dd>
            <code class="desk-code" data-testid="otpauth">
              {uri}
            </code>
          </dd>
        </div>
      </dl>
    </div>
  );
}

interface TextFieldProps {
  name: "username" | "password" | "code" | "again";
  label?: string;
  type?: "text" | "password";
  hint?: string;
  error?: string;
  autocomplete: JSX.IntrinsicElements["input"]["autocomplete"];
  inputMode?: "numeric";
}

function TextField({ name, label, type = "text", hint, error, autocomplete, inputMode }: TextFieldProps) {
  return (
    <Field label={label ?? c(`sign_in.${name}`)} hint={hint} error={error}>
      {(control) => {
        const common = { ...control, class: "desk-input", name, autocomplete, spellcheck: false };
        return type === "password" ? (
          <input {...common} type="password" />
        ) : (
          <input {...common} type="text" inputMode={inputMode} autocapitalize="none" />
        );
      }}
    </Field>
  );
}
