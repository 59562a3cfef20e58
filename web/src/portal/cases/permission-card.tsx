import type { CaseStatus, CaseView, Permission } from "../../shared/contract.ts";
import { LinkButton, NotificationBanner, SummaryList, Tag } from "../../shared/components/index.ts";
import { formatDate, formatDateOf } from "../../shared/format.ts";
import { links } from "../links.ts";
import { v } from "../travel-texts.ts";
import { toneOfPermission } from "../wallet/permission-tone.ts";

/** What was issued, with the way to the page that is shown at the border; of what has ended, what it means. */
export function PermissionCard({ kase, permission }: { kase: CaseView; permission: Permission }) {
  return (
    <section class="ryoji-section" aria-labelledby="permission">
      <h2 id="permission">{v(`permission.${permission.kind}`)}</h2>
      <p><Tag tone={toneOfPermission(permission.status)}>{v(`permission.status.${permission.status}`)}</Tag></p>
      {permission.status !== "active" && <p><strong>{kase.next.text}</strong></p>}
      <SummaryList rows={rowsOfPermission(permission)} />
      <div class="ryoji-button-row">
        <LinkButton href={links.permission(kase.case_id)}>{v("permission.open")}</LinkButton>
      </div>
    </section>
  );
}

export function rowsOfPermission({ number, valid_from, valid_until, entries, stay_days }: Permission) {
  return [
    { key: v("permission.number"), value: <bdi>{number}</bdi> },
    { key: v("permission.validity"), value: v("permission.from_until", { from: formatDate(valid_from), until: formatDate(valid_until) }) },
    { key: v("permission.entries"), value: v(`permission.entries.${entries}`) },
    { key: v("permission.stay"), value: v("permission.days", { days: stay_days }) },
  ];
}

/** The papers whose electronic form is not enough: the mission looks at the originals. */
export function Originals({ kase }: { kase: CaseView }) {
  const bring = kase.documents.filter(({ original }) => original === "bring");
  if (!bring.length || !UNDER_REVIEW.includes(kase.status)) return null;
  return (
    <section class="ryoji-section" aria-labelledby="originals">
      <h2 id="originals">{v("originals.bring")}</h2>
      <ul class="ryoji-list">{bring.map(({ id, title }) => <li key={id}>{title}</li>)}</ul>
    </section>
  );
}

const UNDER_REVIEW: CaseStatus[] = ["checking", "in_review", "correction"];

interface InterviewProps {
  interview: NonNullable<CaseView["interview"]>;
  timeZone: string;
}

/** The mission asks to see the applicant: where, when and what to bring stand in the officer's own words. */
export function Interview({ interview, timeZone }: InterviewProps) {
  return (
    <NotificationBanner kind="warning" title={v("interview.title")}>
      <p class="ryoji-written" dir="auto">{interview.text}</p>
      <p dir="auto"><strong>{interview.when}</strong></p>
      <p class="ryoji-note">{v("interview.asked", { date: formatDateOf(interview.asked_at, timeZone) })}</p>
    </NotificationBanner>
  );
}
