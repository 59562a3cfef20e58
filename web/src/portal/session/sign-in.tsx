import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { Button, ButtonRow, LinkButton, NotificationBanner, ProgressBar } from "../../shared/components/index.ts";
import { language, pathInLanguage } from "../../shared/language.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { links, safeReturn } from "../links.ts";
import { describeFailure } from "../loading.tsx";
import { Page } from "../page.tsx";

/** Says what signing in is, and leaves for Cognito's page when asked to. */
export function SignIn() {
  const { query } = useLocation();
  const [leaving, setLeaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const leave = async () => {
    setLeaving(true);
    try {
      const { signIn } = await import("./oidc.ts");
      // In the language that the page has now, not in that of the page that sent the person here.
      await signIn(pathInLanguage(safeReturn(query["return"]) ?? links.account(), language.value), query["email"]);
    } catch (problem) {
      setError(problem);
      setLeaving(false);
    }
  };
  return (
    <Page title={c("sign_in.title")} lead={c("sign_in.lead")} errors={error ? [{ text: describeFailure(error).detail }] : []}>
      {query["confirmed"] && <NotificationBanner kind="success" title={c("sign_in.confirmed")} />}
      <ButtonRow>
        <Button busy={leaving} onClick={leave}>{t("frame.sign_in")}</Button>
      </ButtonRow>
      <p class="ryoji-note">{c("sign_in.other_tab")}</p>
      <section class="ryoji-section" aria-labelledby="new">
        <h2 id="new">{c("sign_in.new")}</h2>
        <p>{c("sign_in.new_text")}</p>
        <ButtonRow>
          <LinkButton variant="secondary" href={`${links.signUp()}${query["return"] ? `?return=${encodeURIComponent(query["return"])}` : ""}`}>{c("sign_up.title")}</LinkButton>
        </ButtonRow>
      </section>
    </Page>
  );
}

/** Where Cognito's page sends the browser back to. */
export function SignedIn() {
  const { route } = useLocation();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./oidc.ts")
      .then((oidc) => oidc.finishSignIn())
      .then((returnTo) => arrive(safeReturn(returnTo) ?? links.account(), route))
      .catch(() => setFailed(true));
  }, []);
  if (!failed) {
    return (
      <Page title={c("signed_in.title")}>
        <ProgressBar label={t("loading.text")} />
      </Page>
    );
  }
  return (
    <Page title={c("signed_in.failed")} lead={c("signed_in.failed_text")}>
      <ButtonRow>
        <LinkButton href={links.signIn()}>{c("signed_in.again")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}

/** The payment page is a document of its own and has to be asked for as one. */
function arrive(path: string, route: (path: string, replace?: boolean) => void): void {
  if (path.endsWith("/payment")) window.location.replace(path);
  else route(path, true);
}

export function SignedOut() {
  const { query } = useLocation();
  const idle = query["because"] === "idle";
  return (
    <Page title={idle ? c("signed_out.idle") : c("signed_out.title")} lead={idle ? c("signed_out.idle_text") : c("signed_out.text")}>
      <ButtonRow>
        <LinkButton href={links.signIn(links.account())}>{c("signed_out.again")}</LinkButton>
        <LinkButton variant="secondary" href={links.start()}>{t("not_found.start")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
