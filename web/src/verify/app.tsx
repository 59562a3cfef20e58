import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button, Header, LanguageSelector, NotificationBanner, SandboxBanner } from "../shared/components/index.ts";
import { language, pathInLanguage } from "../shared/language.ts";
import type { Settings } from "../shared/settings.ts";
import { dated } from "./age.ts";
import { checking, fetchAndCheckAgain, result } from "./check.ts";
import { fetching, kept } from "./kept-list.ts";
import { offline } from "./offline.ts";
import { ResultView } from "./result.tsx";
import type { Authority } from "./seal/trust.ts";
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
          <Sources />
          <p class="ryoji-verify-checking" role="status">{checking.value ? v("verify.checking") : ""}</p>
          {result.value === "no_list" && <NotificationBanner kind="error" title={v("verify.no_list.title")} live>{v("verify.no_list.text")}</NotificationBanner>}
          {result.value && result.value !== "no_list" && <ResultView result={result.value} key={result.value.reading} />}
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
          <li>{v("verify.list.issued", dated(list.trust.issued))}</li>
          <li>{v("verify.list.fetched", dated(list.fetched))}</li>
          <li>{v("verify.list.revocations", dated(oldestRevocations(list.trust.authorities)))}</li>
        </ul>
      ) : (
        fetching.value !== "now" && <NotificationBanner kind="warning" title={v("verify.list.none")} />
      )}
      <p class="ryoji-note" role="status">{fetching.value === "failed" || fetching.value === "refused" ? v(`verify.list.${fetching.value}`) : ""}</p>
      <Button variant="secondary" size="medium" busy={fetching.value === "now"} onClick={() => void fetchAndCheckAgain()}>{v("verify.list.fetch")}</Button>
      <p class="ryoji-note" data-offline={offline.value}>{v(`verify.offline.${offline.value}`)}</p>
    </section>
  );
}

/** Of several authorities the one of which least is known. */
const oldestRevocations = (authorities: Authority[]) => new Date(Math.min(...authorities.map(({ revocations }) => revocations.thisUpdate.getTime())));

function Limits() {
  return (
    <section class="ryoji-section">
      <h2>{v("verify.limits.title")}</h2>
      <ul class="ryoji-list">
        <li>{v("verify.limits.local")}</li>
        <li>{v("verify.limits.online")}</li>
        <li>{v("verify.limits.kept")}</li>
        <li>{v("verify.limits.holder")}</li>
        <li>{v("verify.limits.national")}</li>
      </ul>
    </section>
  );
}
