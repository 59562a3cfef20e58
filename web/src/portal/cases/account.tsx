import type { ComponentChildren } from "preact";
import type { Agency, CaseList, CaseRow } from "../../shared/contract.ts";
import { LinkButton, Tag } from "../../shared/components/index.ts";
import { formatDate, formatMoment } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { Loaded } from "../loading.tsx";
import { Page } from "../page.tsx";
import { session } from "../session/session.ts";
import { toneOf } from "../tone.ts";
import { v } from "../travel-texts.ts";
import { CasePages, useList } from "./list.tsx";

/** All of one's applications, those that wait for the applicant first. */
export function Account() {
  const list = useList(async () => {
    const client = await api();
    const [first, { agencies }] = await Promise.all([client.get<CaseList>("/cases"), client.get<{ agencies: Agency[] }>("/agencies").catch(() => ({ agencies: [] }))]);
    return { first, agencies };
  }, []);
  return (
    <Loaded of={list} title={t("frame.my_applications")}>
      {({ first, agencies }) => (
        <CasePages first={first}>
          {(cases, more) => <Applications rows={cases.filter((row) => row.agency === null)} agencies={agencies} more={more} />}
        </CasePages>
      )}
    </Loaded>
  );
}

function Applications({ rows, agencies, more }: { rows: CaseRow[]; agencies: Agency[]; more: ComponentChildren }) {
  return (
    <Page title={t("frame.my_applications")} caption={session.value?.email}>
      {rows.length === 0 && <p>{c("account.none")}</p>}
      {agencies.length > 0 && (
        <ul class="ryoji-list">
          {agencies.map(({ code, name }) => <li key={code}><a href={links.agency(code)}>{v("agency.of", { name })}</a></li>)}
        </ul>
      )}
      {grouped(rows).map((group) => (
        <section key={group[0]?.case_id} class={group.length > 1 ? "ryoji-together" : undefined} aria-label={group.length > 1 ? v("companions.title") : undefined}>
          {group.length > 1 && <p class="ryoji-caption">{v("account.together", { count: group.length })}</p>}
          <ul class="ryoji-cases">
            {group.map((row) => <Row key={row.case_id} row={row} />)}
          </ul>
        </section>
      ))}
      {more}
      <div class="ryoji-button-row">
        <LinkButton variant={rows.length ? "secondary" : "primary"} href={links.start()}>{c("account.new")}</LinkButton>
      </div>
    </Page>
  );
}

/** Applications that are made together stand together; where the most urgent one stands. */
export function grouped(rows: CaseRow[]): CaseRow[][] {
  const groups = new Map<string, CaseRow[]>();
  for (const row of rows.toSorted(byUrgency)) {
    const group = row.group ?? row.case_id;
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups.values()];
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
        <Tag tone={toneOf(row.status, row.permission)}>{row.status_text}</Tag>
      </div>
      {row.applicant && <p><bdi>{row.applicant}</bdi></p>}
      {row.reference && <p class="ryoji-case__reference">{t("status.reference")} {row.reference}</p>}
      <p>{row.next.text}</p>
      {row.next.by && <p class="ryoji-case__by">{c("account.by", { date: formatDate(row.next.by) })}</p>}
      <p class="ryoji-note">{draft ? c("account.saved", { date: formatMoment(row.updated_at) }) : c("account.updated", { date: formatMoment(row.updated_at) })}</p>
    </li>
  );
}
