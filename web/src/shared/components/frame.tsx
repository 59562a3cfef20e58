import type { ComponentChildren } from "preact";
import { t } from "../texts.ts";

interface HeaderProps {
  home: string;
  /** The name of this part of the service, beside the service's own. */
  title?: string;
  navigation?: ComponentChildren;
  languages?: ComponentChildren;
}

export function Header({ home, title, navigation, languages }: HeaderProps) {
  return (
    <header class="ryoji-header">
      <a class="ryoji-skip-link" href="#content" onClick={skip}>{t("frame.skip")}</a>
      <div class="ryoji-header__inner">
        <a class="ryoji-header__brand" href={home}>
          <img class="ryoji-header__mark" src="/mark.svg" width="40" height="40" alt="" />
          <span class="ryoji-header__names">
            <span class="ryoji-header__ministry">{t("frame.ministry")}</span>
            <span class="ryoji-header__service">{title ?? t("frame.service")}</span>
          </span>
        </a>
        <div class="ryoji-header__tools">
          {navigation}
          {languages}
        </div>
      </div>
    </header>
  );
}

function skip(event: Event): void {
  const content = document.getElementById("content");
  if (!content) return;
  event.preventDefault();
  content.focus();
  content.scrollIntoView();
}

export function Footer({ links, note }: { links: { href: string; text: string }[]; note?: string }) {
  return (
    <footer class="ryoji-footer">
      <div class="ryoji-footer__inner">
        <nav aria-label={t("frame.footer")}>
          <ul class="ryoji-footer__links">
            {links.map(({ href, text }) => <li key={href}><a href={href}>{text}</a></li>)}
          </ul>
        </nav>
        <p class="ryoji-footer__name">{t("frame.ministry")}</p>
        {note && <p class="ryoji-footer__note">{note}</p>}
      </div>
    </footer>
  );
}

/** Says, on every page of a sandbox, that nothing here is real, and where its stand-ins are. */
export function SandboxBanner({ pages }: { pages: { title: string; url: string }[] }) {
  return (
    <aside class="ryoji-sandbox" aria-label={t("sandbox.label")}>
      <div class="ryoji-sandbox__inner">
        <p class="ryoji-sandbox__text"><strong>{t("sandbox.label")}</strong> {t("sandbox.text")}</p>
        {pages.length > 0 && (
          <ul class="ryoji-sandbox__links">
            {pages.map(({ title, url }) => <li key={url}><a href={url} target="_blank" rel="noopener">{title}</a></li>)}
          </ul>
        )}
      </div>
    </aside>
  );
}
