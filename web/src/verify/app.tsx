import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button, Header, LanguageSelector, NotificationBanner, SandboxBanner } from "../shared/components/index.ts";
import { describe, language, pathInLanguage } from "../shared/language.ts";
import { formatMoment } from "../shared/format.ts";
import type { Settings } from "../shared/settings.ts";
import { check, checking, fetchAndCheckAgain, result } from "./check.ts";
import { fetching, kept } from "./kept-list.ts";
import { offline } from "./offline.ts";
import { ResultView } from "./result.tsx";
import { Sources } from "./sources.tsx";
import { v } from "./texts.ts";

export const settings = signal<Settings | null>(null);

export function App() {
  const path = pathInLanguage("/verify", language.value);
  useEffect(() => {
    document.title = v("verify.title");
  }, [language.value]);
  return (
    <div class="ryoji-page">
      <Header home={`/${language.value}/`} languages={<LanguageSelector path={path} />} />
      {settings.value?.sandbox && <SandboxBanner pages={[]} />}
      <main class="ryoji-main" id="content" tabIndex={-1}>
        <div class="ryoji-content">
          <h1 class="ryoji-title">{v("verify.title")}</h1>
          <p class="ryoji-lead">{v("verify.lead")}</p>
          <Sources onRead={check} busy={checking.value} />
          <div aria-live="polite" class="ryoji-visually-hidden">{checking.value ? v("verify.checking") : ""}</div>
          {result.value === "no_list" && <NotificationBanner kind="error" title={v("verify.no_list.title")} live>{v("verify.no_list.text")}</NotificationBanner>}
          {result.value && result.value !== "no_list" && <ResultView result={result.value} key={result.value.at.getTime()} />}
          <List />
          <Limits />
        </div>
      </main>
    </div>
  );
}

/** Whom the page believes, and how old that knowledge is. */
function List() {
  const list = kept.value;
  return (
    <section class="ryoji-section">
      <h2>{v("verify.list.title")}</h2>
      {list ? (
        <ul class="ryoji-list">
          <li>{v("verify.list.issued", { when: formatMoment(list.trust.issued.toISOString()) })}</li>
          <li>{v("verify.list.fetched", { when: formatMoment(list.fetched.toISOString()), age: ageOf(list.fetched) })}</li>
          <li>{v("verify.list.revocations", { when: formatMoment(latestRevocations(list.trust.authorities.map((each) => each.revocations.thisUpdate))) })}</li>
        </ul>
      ) : (
        fetching.value !== "now" && <NotificationBanner kind="warning" title={v("verify.list.none")} />
      )}
      <p class="ryoji-note" role="status">{fetching.value === "failed" ? v("verify.list.failed") : ""}</p>
      <Button variant="secondary" size="medium" busy={fetching.value === "now"} onClick={() => void fetchAndCheckAgain()}>{v("verify.list.fetch")}</Button>
      <p class="ryoji-note" data-offline={offline.value}>{v(`verify.offline.${offline.value}`)}</p>
    </section>
  );
}

const latestRevocations = (dates: Date[]) => new Date(Math.max(...dates.map((date) => date.getTime()))).toISOString();

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3600], ["minute", 60]];

/** How long ago, in the largest unit that there is one of. */
function ageOf(date: Date): string {
  const seconds = Math.max(0, (Date.now() - date.getTime()) / 1000);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(describe(language.value).locale, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}

function Limits() {
  return (
    <section class="ryoji-section">
      <h2>{v("verify.limits.title")}</h2>
      <ul class="ryoji-list">
        <li>{v("verify.limits.local")}</li>
        <li>{v("verify.limits.online")}</li>
        <li>{v("verify.limits.holder")}</li>
        <li>{v("verify.limits.national")}</li>
      </ul>
    </section>
  );
}
