import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { CaseView, Slots } from "../../shared/contract.ts";
import { Button, ButtonRow, Dialog, NotificationBanner, RadioGroup } from "../../shared/components/index.ts";
import { formatDay, formatLocalTime, formatMoment } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { today } from "../forms/conditions.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { LoadedPart, useLoad } from "../loading.tsx";
import { Page } from "../page.tsx";
import { Closed } from "../wizard/section.tsx";
import { change } from "./store.ts";
import { WithCase } from "./with-case.tsx";

/** The one visit: choosing a day and a time, changing it, giving it back. */
export function Appointment({ id }: { id: string }) {
  return <WithCase id={id}>{(kase) => (kase.may.includes("book") ? <Booking kase={kase} /> : <Closed kase={kase} title={c("appointment.title")} />)}</WithCase>;
}

function Booking({ kase }: { kase: CaseView }) {
  const { route } = useLocation();
  const [from, setFrom] = useState(today);
  const [picked, setPicked] = useState("");
  const form = useSubmission(() => "slot");
  const path = `/cases/${kase.case_id}`;
  const slots = useLoad(async () => (await api()).get<Slots>(`${path}/slots?from=${from}`), [from, kase.sequence]);
  const free = slots.state === "ready" ? slots.value.slots.filter(({ left }) => left > 0) : [];
  // Only what can be seen can be booked: a time of another week, or one that went meanwhile, is chosen no more.
  const start = free.some((slot) => slot.start === picked) ? picked : "";
  const show = (day: string) => {
    setPicked("");
    setFrom(day);
  };
  const book = (event: Event) => {
    event.preventDefault();
    void form.submit(start ? [] : [{ field: "slot", text: c("appointment.choose_error") }], async () => {
      await change((client) => client.post<CaseView>(`${path}/appointment`, { start }));
      route(links.case(kase.case_id));
    });
  };
  return (
    <Page title={kase.appointment ? c("appointment.change") : c("appointment.title")} caption={kase.title} lead={c("appointment.lead")} back={{ href: links.case(kase.case_id), text: c("wizard.to_case") }} errors={form.errors} mend={form.mend}>
      {kase.appointment && (
        <NotificationBanner title={c("appointment.now", { when: formatMoment(kase.appointment.start, kase.timezone) })}>
          <p>{c("appointment.now_text")}</p>
        </NotificationBanner>
      )}
      <form noValidate onSubmit={book}>
        <Week from={from} setFrom={show} />
        <LoadedPart of={slots}>
          {({ office, slots: list }) => (
            <div class="ryoji-slots">
              <p class="ryoji-note"><strong>{office.name}</strong><br />{office.address && <>{office.address}<br /></>}{c("appointment.local_time")}</p>
              {free.length === 0 && <div id="slot" tabIndex={-1}><NotificationBanner title={list.length ? c("appointment.full") : c("appointment.none")} live /></div>}
              {byDay(free).map(([day, times], index) => (
                <RadioGroup
                  key={day}
                  id={index === 0 ? "slot" : `slot-${day}`}
                  name="slot"
                  label={formatDay(day)}
                  plain
                  inline
                  value={start}
                  onChange={setPicked}
                  error={index === 0 ? form.errorOf("slot") : undefined}
                  choices={times.map((slot) => ({ value: slot.start, label: c("appointment.slot", { time: formatLocalTime(slot.start), left: slot.left }) }))}
                />
              ))}
            </div>
          )}
        </LoadedPart>
        <ButtonRow>
          <Button type="submit" busy={form.busy}>{kase.appointment ? c("appointment.change_do") : c("appointment.do")}</Button>
        </ButtonRow>
      </form>
      {kase.may.includes("cancel_appointment") && <Cancelling kase={kase} />}
    </Page>
  );
}

function Week({ from, setFrom }: { from: string; setFrom: (day: string) => void }) {
  const first = today();
  return (
    <nav class="ryoji-week" aria-label={c("appointment.weeks")}>
      <Button variant="secondary" size="medium" onClick={() => setFrom(later(from, -7) < first ? first : later(from, -7))}>{c("appointment.earlier")}</Button>
      <p class="ryoji-week__range" aria-live="polite">{c("appointment.range", { from: formatDay(from), to: formatDay(later(from, 6)) })}</p>
      <Button variant="secondary" size="medium" onClick={() => setFrom(later(from, 7))}>{c("appointment.later")}</Button>
    </nav>
  );
}

function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Days as the office's own clock has them: the slot's text begins with its local date. */
function byDay(slots: Slots["slots"]): [string, Slots["slots"]][] {
  const days = new Map<string, Slots["slots"]>();
  for (const slot of slots) {
    const day = slot.start.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), slot]);
  }
  return [...days];
}

function Cancelling({ kase }: { kase: CaseView }) {
  const { route } = useLocation();
  const [asking, setAsking] = useState(false);
  const form = useSubmission();
  const cancel = () =>
    void form.submit([], async () => {
      await change((client) => client.delete<CaseView>(`/cases/${kase.case_id}/appointment`));
      route(links.case(kase.case_id));
    });
  return (
    <section class="ryoji-section" aria-labelledby="cancel">
      <h2 id="cancel">{c("appointment.cancel")}</h2>
      <p>{c("appointment.cancel_text")}</p>
      <Button variant="secondary" size="medium" onClick={() => setAsking(true)}>{c("appointment.cancel_do")}</Button>
      <Dialog
        open={asking}
        title={c("appointment.cancel_sure")}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button variant="secondary" onClick={() => setAsking(false)}>{c("appointment.keep")}</Button>
            <Button variant="danger" busy={form.busy} onClick={cancel}>{c("appointment.cancel_do")}</Button>
          </>
        }
      >
        <p>{c("appointment.cancel_text")}</p>
        {form.errors.map(({ text }) => <p key={text} role="alert" class="ryoji-field__error">{text}</p>)}
      </Dialog>
    </section>
  );
}
