import type { CaseRow } from "../../shared/contract.ts";
import { LinkButton, Tag } from "../../shared/components/index.ts";
import { formatDate, formatMoment } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { Page } from "../page.tsx";
import { session } from "../session/session.ts";
import { toneOf } from "../tone.ts";

/** All of one's applications, those that wait for the applicant first. */
export function Account() {
  const list = useLoad(async () => (await (await api()).get<{ cases: CaseRow[] }>("/cases")).cases, []);
  return (
    <Loaded of={list} title={t("frame.my_applications")}>
      {(rows) => (
        <Page title={t("frame.my_applications")} caption={session.value?.email}>
          {rows.length === 0 && <p>{c("account.none")}</p>}
          <ul class="ryoji-cases">
            {rows.toSorted(byUrgency).map((row) => <Row key={row.case_id} row={row} />)}
          </ul>
          <div class="ryoji-button-row">
            <LinkButton variant={rows.length ? "secondary" : "primary"} href={links.start()}>{c("account.new")}</LinkButton>
          </div>
        </Page>
      )}
    </Loaded>
  );
}

function byUrgency(one: CaseRow, other: CaseRow): number {
  const waits = (row: CaseRow) => (row.next.who === "applicant" ? 0 : 1);
  return waits(one) - waits(other) || other.updated_at.localeCompare(one.updated_at);
}

function Row({ row }: { row: CaseRow }) {
  const draft = row.status === "draft";
  return (
    <li class="ryoji-case">
      <div class="ryoji-case__head">
        <h2 class="ryoji-case__title"><a href={links.case(row.case_id)}>{row.title}</a></h2>
        <Tag tone={toneOf(row.status)}>{row.status_text}</Tag>
      </div>
      {row.reference && <p class="ryoji-case__reference">{t("status.reference")} {row.reference}</p>}
      <p>{row.next.text}</p>
      {row.next.by && <p class="ryoji-case__by">{c("account.by", { date: formatDate(row.next.by) })}</p>}
      <p class="ryoji-note">{draft ? c("account.saved", { date: formatMoment(row.updated_at) }) : c("account.updated", { date: formatMoment(row.updated_at) })}</p>
    </li>
  );
}
