import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { SandboxBanner } from "../../shared/components/frame.tsx";
import { changeLanguage, t } from "../../shared/texts.ts";
import { type Language, language } from "../../shared/language.ts";
import type { Settings } from "../../shared/settings.ts";
import { AgenciesPage } from "../agency/agencies-page.tsx";
import { AgencyPage } from "../agency/agency-page.tsx";
import { CasePage } from "../case/case-page.tsx";
import { mayBe, me, readMe } from "../connection.ts";
import { Appointments } from "../counter/appointments.tsx";
import { Handover } from "../counter/handover.tsx";
import { Button, Loading, Notice, ProblemNotice } from "../parts.tsx";
import { AGENCIES, COUNTER, QUEUE, STATISTICS } from "../places.ts";
import { forgetQueue } from "../queue/queue-state.ts";
import { Queue } from "../queue/queue.tsx";
import { isSignedIn, signedInAs, signOut } from "../session.ts";
import { ShortcutHelp, useShortcuts } from "../shortcuts.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { StatisticsPage } from "../statistics/statistics-page.tsx";
import { c, consoleLanguages } from "../texts.ts";
import { useTitle } from "../title.ts";
import { IdleGuard } from "./idle-guard.tsx";

const LANGUAGE = "ryoji.console.language";

export function Console({ settings }: { settings: Settings }) {
  return (
    <LocationProvider scope="/console">
      <a class="ryoji-skip-link" href="#content" onClick={skip}>
        {t("frame.skip")}
      </a>
      {isSignedIn() ? <SignedIn settings={settings} /> : <SignedOut settings={settings} />}
    </LocationProvider>
  );
}

function SignedOut({ settings }: { settings: Settings }) {
  useTitle(c("sign_in.title.credentials"));
  return (
    <div class="desk-shell">
      <header class="desk-bar">
        <Brand />
        <Languages />
      </header>
      {settings.sandbox && <SandboxBanner pages={settings.sandbox_pages ?? []} />}
      <SignIn />
    </div>
  );
}

function SignedIn({ settings }: { settings: Settings }) {
  const [failure, setFailure] = useState<unknown>(null);
  const [help, setHelp] = useState(false);
  const read = () => {
    setFailure(null);
    readMe().catch(setFailure);
  };
  useEffect(read, [signedInAs(), language.value]);
  useEffect(() => forgetOfficer, []);

  return (
    <div class="desk-shell">
      <Bar onHelp={() => setHelp(true)} />
      {settings.sandbox && <SandboxBanner pages={settings.sandbox_pages ?? []} />}
      {!me.value && (
        <main class="desk-page" id="content" tabIndex={-1}>
          <h1 class="desk-page__title">{c("product")}</h1>
          {failure ? (
            <>
              <ProblemNotice error={failure} />
              <Button onClick={read}>{c("again")}</Button>
            </>
          ) : (
            <Loading />
          )}
        </main>
      )}
      {me.value && <Screens onHelp={() => setHelp(true)} />}
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      <IdleGuard />
    </div>
  );
}

/** Nothing of one officer's session may be seen in the next one's. */
function forgetOfficer(): void {
  me.value = null;
  forgetQueue();
}

function Screens({ onHelp }: { onHelp: () => void }) {
  const { route } = useLocation();
  useShortcuts({
    "?": onHelp,
    "g q": () => route(QUEUE),
    "g c": () => mayBe("counter") && route(COUNTER),
  });
  return (
    <Router onRouteChange={atTheTop}>
      <Route path="/console/" component={Queue} />
      <Route path="/console/cases/:caseId" component={CaseRoute} />
      <Route path="/console/agencies" component={AgenciesPage} />
      <Route path="/console/agencies/:code" component={AgencyRoute} />
      <Route path="/console/statistics" component={StatisticsPage} />
      <Route path="/console/counter" component={Appointments} />
      <Route path="/console/counter/:caseId" component={HandoverRoute} />
      <Route default component={Nowhere} />
    </Router>
  );
}

function CaseRoute({ caseId }: { caseId?: string }) {
  return <CasePage key={caseId} caseId={caseId} />;
}

function AgencyRoute({ code }: { code?: string }) {
  return <AgencyPage key={code} code={code} />;
}

function HandoverRoute({ caseId }: { caseId?: string }) {
  return <Handover key={caseId} caseId={caseId} />;
}

function Nowhere() {
  useTitle(c("nowhere.title"));
  return (
    <main class="desk-page" id="content" tabIndex={-1}>
      <h1 class="desk-page__title">{c("nowhere.title")}</h1>
      <p>
        <a href={QUEUE}>{c("case.back")}</a>
      </p>
    </main>
  );
}

function Bar({ onHelp }: { onHelp: () => void }) {
  const { path } = useLocation();
  const beside = [COUNTER, AGENCIES, STATISTICS].find((place) => path.startsWith(place)) ?? QUEUE;
  const currently = (place: string) => (place === beside ? "page" : undefined);
  return (
    <header class="desk-bar">
      <Brand />
      <nav class="desk-bar__nav" aria-label={c("nav.label")}>
        <a href={QUEUE} aria-current={currently(QUEUE)}>
          {c("nav.queue")}
        </a>
        {mayBe("counter") && (
          <a href={COUNTER} aria-current={currently(COUNTER)}>
            {c("nav.counter")}
          </a>
        )}
        <a href={AGENCIES} aria-current={currently(AGENCIES)}>
          {c("nav.agencies")}
        </a>
        <a href={STATISTICS} aria-current={currently(STATISTICS)}>
          {c("nav.statistics")}
        </a>
      </nav>
      <div class="desk-bar__tools">
        <button type="button" class="desk-bar__button" aria-keyshortcuts="?" onClick={onHelp}>
          {c("nav.help")}
        </button>
        <Languages />
        <span class="desk-bar__who">{me.value?.name}</span>
        <button type="button" class="desk-bar__button" onClick={() => void signOut("chosen")}>
          {c("nav.sign_out")}
        </button>
      </div>
    </header>
  );
}

function Brand() {
  return (
    <a class="desk-bar__brand" href={QUEUE}>
      <img src="/mark.svg" width="28" height="28" alt="" />
      {c("product")}
    </a>
  );
}

function Languages() {
  const change = async (code: Language) => {
    localStorage.setItem(LANGUAGE, code);
    await changeLanguage(code);
    document.documentElement.lang = code;
  };
  return (
    <label class="desk-bar__language">
      <span class="ryoji-visually-hidden">{t("languages.label")}</span>
      <select value={language.value} onChange={(event) => void change(event.currentTarget.value as Language)}>
        {consoleLanguages.map((each) => (
          <option key={each.code} value={each.code} lang={each.code}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function keptLanguage(): string | null {
  return localStorage.getItem(LANGUAGE);
}

function skip(event: Event): void {
  const content = document.getElementById("content");
  if (!content) return;
  event.preventDefault();
  content.tabIndex = -1;
  content.focus();
  content.scrollIntoView();
}

/** A new screen begins at its top, and a screen reader at its heading. */
function atTheTop(): void {
  window.scrollTo(0, 0);
  requestAnimationFrame(() => {
    const heading = document.querySelector<HTMLElement>("#content h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });
}

export function CannotStart({ onRetry }: { onRetry: () => void }) {
  return (
    <main class="desk-sign-in">
      <Notice tone="bad" title={c("start.failed")} live>
        <p>{c("unreachable.mend")}</p>
      </Notice>
      <Button onClick={onRetry}>{c("again")}</Button>
    </main>
  );
}
