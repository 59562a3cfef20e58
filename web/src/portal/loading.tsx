import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Problem, Unreachable } from "../shared/api.ts";
import { Button, ButtonRow, NotificationBanner, ProgressBar } from "../shared/components/index.ts";
import { language } from "../shared/language.ts";
import { t } from "../shared/texts.ts";
import { links } from "./links.ts";
import { NotFound } from "./pages/not-found.tsx";
import { Page } from "./page.tsx";

export type Loading<T> =
  | { state: "loading"; retry: () => void }
  | { state: "failed"; error: unknown; retry: () => void }
  | { state: "ready"; value: T; retry: () => void };

/** Fetches what a page needs, anew when the language or one of `keys` changes. What is shown stays until then. */
export function useLoad<T>(load: () => Promise<T>, keys: unknown[]): Loading<T> {
  const [result, setResult] = useState<{ value: T } | { error: unknown } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => {
    setResult(null);
    setAttempt((count) => count + 1);
  }, []);
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setResult({ value }),
      (error: unknown) => current && setResult({ error }),
    );
    return () => {
      current = false;
    };
  }, [...keys, language.value, attempt]);
  if (!result) return { state: "loading", retry };
  return "value" in result ? { state: "ready", value: result.value, retry } : { state: "failed", error: result.error, retry };
}

interface LoadedProps<T> {
  of: Loading<T>;
  /** The page's heading while nothing is there yet. */
  title: string;
  children: (value: T) => ComponentChildren;
}

export function Loaded<T>({ of, title, children }: LoadedProps<T>) {
  if (of.state === "failed") return <Failure error={of.error} retry={of.retry} />;
  if (of.state === "ready") return <>{children(of.value)}</>;
  return (
    <Page title={title} passing>
      <ProgressBar label={t("loading.text")} />
    </Page>
  );
}

/** The same for a part of a page that stands under a heading of its own. */
export function LoadedPart<T>({ of, children }: Omit<LoadedProps<T>, "title">) {
  if (of.state === "ready") return <>{children(of.value)}</>;
  if (of.state === "loading") return <ProgressBar label={t("loading.text")} />;
  const { title, detail } = describeFailure(of.error);
  return (
    <NotificationBanner kind="error" title={title} live>
      <p>{detail}</p>
      <ButtonRow>
        <Button size="medium" variant="secondary" onClick={of.retry}>{t("failure.retry")}</Button>
      </ButtonRow>
    </NotificationBanner>
  );
}

/** A page could not be had: what that means, and what can be done. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  if (error instanceof Problem && error.status === 404) return <NotFound />;
  if (error instanceof Problem && error.status === 401) return <SignInAgain />;
  const { title, detail, mend, reference } = describeFailure(error);
  return (
    <Page title={title}>
      <p>{detail}</p>
      {mend && <p>{mend}</p>}
      {reference && <p>{t("failure.reference", { reference })}</p>}
      <ButtonRow>
        <Button onClick={retry}>{t("failure.retry")}</Button>
      </ButtonRow>
    </Page>
  );
}

function SignInAgain() {
  const here = window.location.pathname + window.location.search;
  return (
    <Page title={t("failure.signed_out.title")} lead={t("failure.signed_out.detail")}>
      <ButtonRow>
        <a class="ryoji-button" data-variant="primary" data-size="large" href={links.signIn(here)}>{t("frame.sign_in")}</a>
      </ButtonRow>
    </Page>
  );
}

export interface FailureText {
  title: string;
  detail: string;
  mend: string;
  reference?: string;
}

/** Any error in plain words: the server's own where it sent some. */
export function describeFailure(error: unknown): FailureText {
  if (error instanceof Unreachable) {
    return { title: t(`failure.${error.reason}.title`), detail: t(`failure.${error.reason}.detail`), mend: t(`failure.${error.reason}.mend`) };
  }
  if (!(error instanceof Problem)) return { title: t("failure.unexpected.title"), detail: t("failure.unexpected.detail"), mend: "" };
  const { status, title, detail, mend, reference } = error;
  if (title) return { title, detail, mend, reference };
  if (status === 401) return { title: t("failure.signed_out.title"), detail: t("failure.signed_out.detail"), mend: "" };
  if (status === 429) return { title: t("failure.too_many.title"), detail: t("failure.too_many.detail"), mend: "", reference };
  return { title: t("failure.unexpected.title"), detail: t("failure.unexpected.detail"), mend: "", reference };
}
