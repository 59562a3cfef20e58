import type { CaseView } from "../../shared/contract.ts";
import { LinkButton, NotificationBanner } from "../../shared/components/index.ts";
import { formatDate } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import { links } from "../links.ts";

/** What the officer asks to be mended: only these items are open, and each says why. */
export function CorrectionItems({ kase }: { kase: CaseView }) {
  if (!kase.correction) return null;
  const { items, by } = kase.correction;
  const open = items.filter((item) => !item.done);
  return (
    <section class="ryoji-section" aria-labelledby="correction">
      <h2 id="correction">{c("correction.title")}</h2>
      <p>{c("correction.by", { date: formatDate(by) })}</p>
      {open.map(({ item, title, reason }) => (
        <NotificationBanner key={item} kind="warning" title={title} headingLevel={3}>
          <p dir="auto">{reason}</p>
          <div class="ryoji-button-row">
            <LinkButton size="medium" href={linkOf(kase, item)}>{c("correction.mend", { title })}</LinkButton>
          </div>
        </NotificationBanner>
      ))}
      {items.filter((item) => item.done).map(({ item, title }) => <NotificationBanner key={item} kind="success" title={c("correction.done", { title })} headingLevel={3} />)}
      <p class="ryoji-note">{c("correction.lapse")}</p>
    </section>
  );
}

/** `documents/portrait` → the page on which it is mended. */
function linkOf(kase: CaseView, item: string): string {
  const [kind, name = ""] = item.split("/");
  return kind === "documents" ? links.document(kase.case_id, name) : links.section(kase.case_id, name);
}
