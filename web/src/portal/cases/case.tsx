import { NotificationBanner, SummaryList, Tag } from "../../shared/components/index.ts";
import type { CaseStatus, CaseView } from "../../shared/contract.ts";
import { formatDateOf, formatMoment, formatMoney } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { links } from "../links.ts";
import { useLoad } from "../loading.tsx";
import { Page } from "../page.tsx";
import { toneOf } from "../tone.ts";
import { v } from "../travel-texts.ts";
import { CaseActions } from "./actions.tsx";
import { Companions } from "./companions.tsx";
import { CorrectionItems } from "./correction.tsx";
import { Decision } from "./decision.tsx";
import { NextPanel } from "./next-panel.tsx";
import { Interview, Originals, PermissionCard } from "./permission-card.tsx";
import { Stages } from "./stages.tsx";
import { describeProcedure } from "./store.ts";
import { TaskList } from "./task-list.tsx";
import { useWatch } from "./watch.ts";
import { WithCase } from "./with-case.tsx";
import { Withdrawal } from "./withdrawal.tsx";

/** Where the case is, who has it, what is next, by when, and who was told what. */
export function Case({ id }: { id: string }) {
  return <WithCase id={id}>{(kase) => (kase.status === "draft" ? <Draft kase={kase} /> : <Sent kase={kase} />)}</WithCase>;
}

function Draft({ kase }: { kase: CaseView }) {
  return (
    <Page title={kase.title} back={backOf(kase)} lead={<Tag tone={toneOf(kase.status, null)}>{kase.status_text}</Tag>}>
      <TaskList kase={kase} />
      <Companions kase={kase} />
      <Withdrawal kase={kase} />
    </Page>
  );
}

/** An agency's cases do not stand among one's own: they are on the page of their group. */
function backOf({ agency, group, case_id }: CaseView): { href: string; text: string } {
  if (agency) return { href: links.group(agency, group ?? case_id), text: v("agency.back_to_group") };
  return { href: links.account(), text: t("frame.my_applications") };
}

/** What ended before the last stage has no way left to show. */
const ENDED_EARLY: CaseStatus[] = ["refused", "withdrawn", "lapsed"];

function Sent({ kase }: { kase: CaseView }) {
  useWatch(kase);
  return (
    <Page title={kase.title} caption={kase.reference} back={backOf(kase)} lead={<Tag tone={toneOf(kase.status, kase.permission?.status ?? null)}>{kase.status_text}</Tag>}>
      {kase.decision && <Decision decision={kase.decision} timeZone={kase.timezone} next={kase.next.text} />}
      {kase.interview && <Interview interview={kase.interview} timeZone={kase.timezone} />}
      <Originals kase={kase} />
      {kase.permission && <PermissionCard kase={kase} permission={kase.permission} />}
      {kase.next.action !== "none" && (
        <section class="ryoji-section" aria-labelledby="next">
          <h2 id="next">{c("case.next")}</h2>
          <NextPanel next={kase.next}><CaseActions kase={kase} /></NextPanel>
        </section>
      )}
      {kase.correction && <CorrectionItems kase={kase} />}
      {kase.appointment && !kase.interview && <AppointmentSummary kase={kase} />}
      {!ENDED_EARLY.includes(kase.status) && (
        <section class="ryoji-section" aria-labelledby="stages">
          <h2 id="stages">{c("case.stages")}</h2>
          <Stages stages={kase.stages} />
        </section>
      )}
      {kase.fee && kase.fee.total > 0 && <Fee kase={kase} />}
      <Companions kase={kase} />
      <Timeline kase={kase} />
      <section class="ryoji-section" aria-labelledby="messages">
        <h2 id="messages">{c("case.messages")}</h2>
        <p>{c("case.messages_count", { count: kase.messages.length })}</p>
        {kase.messages.length > 0 && <p><a href={links.messages(kase.case_id)}>{c("case.messages_read")}</a></p>}
      </section>
      <Withdrawal kase={kase} />
    </Page>
  );
}

function AppointmentSummary({ kase }: { kase: CaseView }) {
  const described = useLoad(() => describeProcedure(kase.procedure), [kase.procedure]);
  if (!kase.appointment) return null;
  const mustCome = described.state === "ready" && described.value.procedure.visit.who === "holder";
  const bring = [...kase.documents.filter(({ supply }) => supply === "shown_at_visit").map(({ title }) => title), ...(mustCome ? [c("appointment.bring_yourself")] : [])];
  const { office, start } = kase.appointment;
  return (
    <section class="ryoji-section" aria-labelledby="appointment">
      <h2 id="appointment">{c("appointment.yours")}</h2>
      <SummaryList
        rows={[
          { key: c("appointment.when"), value: formatMoment(start, kase.timezone) },
          { key: c("appointment.where"), value: [office.name, office.address].filter(Boolean).join("\n") },
          ...(bring.length ? [{ key: c("appointment.bring"), value: bring.join("\n") }] : []),
        ]}
      />
    </section>
  );
}

function Fee({ kase }: { kase: CaseView }) {
  if (!kase.fee) return null;
  const { items, total, currency, status } = kase.fee;
  return (
    <section class="ryoji-section" aria-labelledby="fee">
      <h2 id="fee">{c("fee.title")}</h2>
      <SummaryList
        rows={[
          ...items.map(({ label, amount }) => ({ key: label, value: formatMoney(amount, currency) })),
          ...(items.length > 1 ? [{ key: c("fee.total"), value: formatMoney(total, currency) }] : []),
          { key: c("fee.state"), value: c(`fee.${status}`) },
        ]}
      />
      {kase.may.includes("receipt") && <p><a href={links.receipt(kase.case_id)}>{c("fee.receipt")}</a></p>}
    </section>
  );
}

function Timeline({ kase }: { kase: CaseView }) {
  if (!kase.timeline.length) return <NotificationBanner title={c("case.nothing_yet")} />;
  return (
    <section class="ryoji-section" aria-labelledby="timeline">
      <h2 id="timeline">{c("case.timeline")}</h2>
      <ol class="ryoji-timeline">
        {kase.timeline.map(({ at, kind, text }) => (
          <li key={`${at} ${kind}`} class="ryoji-timeline__event">
            <time class="ryoji-timeline__time" dateTime={at} title={formatMoment(at, kase.timezone)}>{formatDateOf(at, kase.timezone)}</time>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
