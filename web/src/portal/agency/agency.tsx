import type { ComponentChildren } from "preact";
import type { Agency, CaseList, CaseRow } from "../../shared/contract.ts";
import { LinkButton, NotificationBanner, SummaryList, Tag } from "../../shared/components/index.ts";
import { formatMoment } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { grouped } from "../cases/account.tsx";
import { CasePages, useList } from "../cases/list.tsx";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { Loaded } from "../loading.tsx";
import { Page } from "../page.tsx";
import { NotFound } from "../pages/not-found.tsx";
import { toneOf } from "../tone.ts";
import { v } from "../travel-texts.ts";

export async function fetchAgency(code: string): Promise<Agency | undefined> {
  const { agencies } = await (await api()).get<{ agencies: Agency[] }>("/agencies");
  return agencies.find((each) => each.code === code);
}

/** An accredited agency's own desk: its quota, its groups, a new one. */
export function AgencyPage({ code }: { code: string }) {
  const known = useList(async () => {
    const [agency, first] = await Promise.all([fetchAgency(code), (await api()).get<CaseList>("/cases")]);
    return { agency, first };
  }, [code]);
  return (
    <Loaded of={known} title={t("loading.title")}>
      {({ agency, first }) => (agency ? <CasePages first={first}>{(cases, more) => <Desk agency={agency} rows={cases.filter((row) => row.agency === code)} more={more} />}</CasePages> : <NotFound />)}
    </Loaded>
  );
}

function Desk({ agency, rows, more }: { agency: Agency; rows: CaseRow[]; more: ComponentChildren }) {
  const groups = grouped(rows);
  return (
    <Page title={agency.name} caption={v("agency.title")} back={{ href: links.account(), text: t("frame.my_applications") }}>
      {agency.suspended && <NotificationBanner kind="error" title={v("agency.suspended")}><p>{v("agency.suspended_text")}</p></NotificationBanner>}
      <SummaryList
        rows={[
          { key: v("agency.left"), value: v("agency.left_of", { left: agency.left, quota: agency.quota }) },
          { key: v("agency.mailbox"), value: agency.email ?? v("agency.no_mailbox") },
        ]}
      />
      {!agency.suspended && (
        <div class="ryoji-button-row">
          <LinkButton href={links.newGroup(agency.code)}>{v("agency.new_group")}</LinkButton>
        </div>
      )}
      <section class="ryoji-section" aria-labelledby="groups">
        <h2 id="groups">{v("agency.groups")}</h2>
        {groups.length === 0 && <p>{v("agency.no_groups")}</p>}
        <ul class="ryoji-cases">
          {groups.map((group) => <GroupRow key={group[0]?.case_id} code={agency.code} group={group} />)}
        </ul>
        {more}
      </section>
    </Page>
  );
}

function GroupRow({ code, group }: { code: string; group: CaseRow[] }) {
  const first = group[0];
  if (!first) return null;
  const id = first.group ?? first.case_id;
  const name = group.find((row) => row.case_id === id)?.applicant ?? first.applicant ?? v("companions.nameless");
  return (
    <li class="ryoji-case">
      <div class="ryoji-case__head">
        <h3 class="ryoji-case__title"><a href={links.group(code, id)}><bdi>{name}</bdi> {v("agency.group", { count: group.length })}</a></h3>
      </div>
      <p>{first.title}</p>
      <p>{countByStatus(group).map(([row, count]) => <span key={row.status_text}><Tag tone={toneOf(row.status, row.permission)}>{v("agency.count", { status: row.status_text, count })}</Tag> </span>)}</p>
      <p class="ryoji-note">{formatMoment(group.map((row) => row.updated_at).toSorted().at(-1) ?? first.updated_at)}</p>
    </li>
  );
}

function countByStatus(group: CaseRow[]): [CaseRow, number][] {
  // What was issued and what of it has ended since have one status, and two texts.
  const rows = new Map(group.map((row) => [row.status_text, row]));
  return [...rows.values()].map((row) => [row, group.filter((each) => each.status_text === row.status_text).length]);
}
