import { ErrorBoundary, LocationProvider, Route, Router, lazy, useLocation } from "preact-iso";
import type { ComponentChildren, FunctionComponent, JSX } from "preact";
import { useEffect, useErrorBoundary, useState } from "preact/hooks";
import { Footer, Header, LanguageSelector, SandboxBanner } from "../shared/components/index.ts";
import { language, languageOfPath, languages } from "../shared/language.ts";
import { changeLanguage, t } from "../shared/texts.ts";
import { caseTexts } from "./case-texts.ts";
import { settings } from "./connection.ts";
import { isPermission, links } from "./links.ts";
import { Failure } from "./loading.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { session } from "./session/session.ts";
import { travelTexts } from "./travel-texts.ts";

/** A page for those who are signed in; others are sent to sign in and come back to it. */
function members<Props>(View: FunctionComponent<Props>): FunctionComponent<Props> {
  return function Guarded(props: Props) {
    const { url, route } = useLocation();
    const signedIn = session.value !== null;
    useEffect(() => {
      if (!signedIn) route(links.signIn(url), true);
    }, [signedIn]);
    return signedIn ? <View {...(props as Props & JSX.IntrinsicAttributes)} /> : null;
  };
}

/** Views that are fetched when first gone to; those for applicants together with the texts that only they use. */
const own = <T,>(view: Promise<T>): Promise<T> => Promise.all([view, caseTexts.load(language.value), travelTexts.load(language.value)]).then(([module]) => module);

const Start = lazy(() => import("./pages/start.tsx").then((module) => module.Start));
const Procedure = lazy(() => import("./pages/procedure.tsx").then((module) => module.Procedure));
const Eligibility = lazy(() => import("./pages/eligibility.tsx").then((module) => module.Eligibility));
const Status = lazy(() => import("./pages/status.tsx").then((module) => module.Status));
const Privacy = lazy(() => import("./pages/policies.tsx").then((module) => module.loaded(module.Privacy)));
const Accessibility = lazy(() => import("./pages/policies.tsx").then((module) => module.loaded(module.Accessibility)));
const SignUp = lazy(() => own(import("./session/sign-up.tsx")).then((module) => module.SignUp));
const SignIn = lazy(() => own(import("./session/sign-in.tsx")).then((module) => module.SignIn));
const SignedIn = lazy(() => own(import("./session/sign-in.tsx")).then((module) => module.SignedIn));
const SignedOut = lazy(() => own(import("./session/sign-in.tsx")).then((module) => module.SignedOut));
const SessionTimeout = lazy(() => own(import("./session/timeout.tsx")).then((module) => module.SessionTimeout));
const Begin = members(lazy(() => own(import("./cases/begin.tsx")).then((module) => module.Begin)));
const Account = members(lazy(() => own(import("./cases/account.tsx")).then((module) => module.Account)));
const Case = members(lazy(() => own(import("./cases/case.tsx")).then((module) => module.Case)));
const Messages = members(lazy(() => own(import("./cases/messages.tsx")).then((module) => module.Messages)));
const Receipt = members(lazy(() => own(import("./cases/receipt.tsx")).then((module) => module.ReceiptPage)));
const Appointment = members(lazy(() => own(import("./cases/appointment.tsx")).then((module) => module.Appointment)));
const Another = members(lazy(() => own(import("./cases/another.tsx")).then((module) => module.Another)));
const Agency = members(lazy(() => own(import("./agency/agency.tsx")).then((module) => module.AgencyPage)));
const Group = members(lazy(() => own(import("./agency/group.tsx")).then((module) => module.GroupPage)));
/** Not for members only: a permission that the device keeps is shown without a network, and so without a session. */
const Wallet = lazy(() => own(import("./wallet/wallet.tsx")).then((module) => module.WalletPage));
const Payment = members(lazy(() => own(import("./cases/payment.tsx")).then((module) => module.Payment)));
const CardReading = members(lazy(() => own(import("./wizard/identity.tsx")).then((module) => module.CardReading)));
const Section = members(lazy(() => own(import("./wizard/section.tsx")).then((module) => module.Section)));
const Document = members(lazy(() => own(import("./wizard/document.tsx")).then((module) => module.Document)));
const Check = members(lazy(() => own(import("./wizard/check.tsx")).then((module) => module.Check)));
const Sign = members(lazy(() => own(import("./wizard/sign.tsx")).then((module) => module.Sign)));
const Submitted = members(lazy(() => own(import("./wizard/submitted.tsx")).then((module) => module.Submitted)));

/** The client's router keeps to the languages, and leaves the pages that are other documents to the browser (see `links`). */
const SCOPE = new RegExp(`^/(?:${languages.map(({ code }) => code).join("|")})(?:/(?!(?:.*/payment|verify)(?:$|\\?))|$)`);

export function App() {
  return (
    <LocationProvider scope={SCOPE}>
      <ErrorBoundary>
        <Frame>
          <Router onRouteChange={() => window.scrollTo(0, 0)}>
            <Route path="/signed-in" component={SignedIn} />
            <Route path="/:language/" component={Start} />
            <Route path="/:language/status" component={Status} />
            <Route path="/:language/privacy" component={Privacy} />
            <Route path="/:language/accessibility" component={Accessibility} />
            <Route path="/:language/sign-up" component={SignUp} />
            <Route path="/:language/sign-in" component={SignIn} />
            <Route path="/:language/signed-out" component={SignedOut} />
            <Route path="/:language/account" component={Account} />
            <Route path="/:language/cases/:id" component={Case} />
            <Route path="/:language/cases/:id/identity" component={CardReading} />
            <Route path="/:language/cases/:id/sections/:section" component={Section} />
            <Route path="/:language/cases/:id/documents/:document" component={Document} />
            <Route path="/:language/cases/:id/check" component={Check} />
            <Route path="/:language/cases/:id/sign" component={Sign} />
            <Route path="/:language/cases/:id/submitted" component={Submitted} />
            <Route path="/:language/cases/:id/payment" component={Payment} />
            <Route path="/:language/cases/:id/receipt" component={Receipt} />
            <Route path="/:language/cases/:id/appointment" component={Appointment} />
            <Route path="/:language/cases/:id/another" component={Another} />
            <Route path="/:language/cases/:id/permission" component={Wallet} />
            <Route path="/:language/agencies/:code" component={Agency} />
            <Route path="/:language/agencies/:code/group" component={Group} />
            <Route path="/:language/cases/:id/messages" component={Messages} />
            <Route path="/:language/:procedure/eligibility" component={Eligibility} />
            <Route path="/:language/:procedure/begin" component={Begin} />
            <Route path="/:language/:procedure" component={Procedure} />
            <Route default component={NotFound} />
          </Router>
        </Frame>
      </ErrorBoundary>
    </LocationProvider>
  );
}

function Frame({ children }: { children: ComponentChildren }) {
  const { path, url } = useLocation();
  const wanted = languageOfPath(path);
  useEffect(() => {
    // Also when it is the page's language already: another one may be on its way, and is not wanted any more.
    if (wanted) void changeLanguage(wanted);
  }, [wanted]);
  return (
    <div class="ryoji-page">
      {settings.value?.sandbox && <SandboxBanner pages={settings.value.sandbox_pages ?? []} />}
      <Header home={links.start()} navigation={<AccountLinks />} languages={<LanguageSelector path={url} />} />
      <main class="ryoji-main" id="content" tabIndex={-1}>
        <Safe path={path}>{children}</Safe>
      </main>
      <Footer
        links={[
          { href: links.status(), text: t("status.title") },
          { href: links.privacy(), text: t("privacy.title") },
          { href: links.accessibility(), text: t("accessibility.title") },
        ]}
        note={t("frame.footer_note")}
      />
      {session.value && !isPermission(path) && <SessionTimeout />}
    </div>
  );
}

/** A view that breaks, or whose code cannot be fetched, says so instead of leaving an empty page. */
function Safe({ path, children }: { path: string; children: ComponentChildren }) {
  const [error, forget] = useErrorBoundary();
  useEffect(() => forget(), [path]);
  if (error) return <Failure error={error} retry={() => window.location.reload()} />;
  return <>{children}</>;
}

function AccountLinks() {
  const [leaving, setLeaving] = useState(false);
  if (!session.value) {
    return (
      <nav aria-label={t("frame.account")}>
        <ul class="ryoji-header__links">
          <li><a class="ryoji-header__link" href={links.signIn(links.account())}>{t("frame.sign_in")}</a></li>
        </ul>
      </nav>
    );
  }
  const leave = async () => {
    setLeaving(true);
    const { signOut } = await import("./session/oidc.ts");
    await signOut();
  };
  return (
    <nav aria-label={t("frame.account")}>
      <ul class="ryoji-header__links">
        <li><a class="ryoji-header__link" href={links.account()}>{t("frame.my_applications")}</a></li>
        <li>
          <button type="button" class="ryoji-header__link" aria-disabled={leaving ? "true" : undefined} onClick={leave}>{t("frame.sign_out")}</button>
        </li>
      </ul>
    </nav>
  );
}
