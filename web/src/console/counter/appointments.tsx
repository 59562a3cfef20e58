import { useEffect, useState } from "preact/hooks";
import { formatLocalTime } from "../../shared/format.ts";
import { language } from "../../shared/language.ts";
import { desk } from "../connection.ts";
import { shiftDay, today } from "../days.ts";
import type { Appointment, Office } from "../desk.ts";
import { Button, Loading, ProblemNotice, StatusChip } from "../parts.tsx";
import { caseUrl, handoverUrl } from "../places.ts";
import { useShortcuts } from "../shortcuts.tsx";
import { useTitle } from "../title.ts";
import { c } from "../texts.ts";

const LAST_OFFICE = "ryoji.console.office";

/** Who comes today: the appointments of one office on one day. */
export function Appointments() {
  const [offices, setOffices] = useState<Office[]>([]);
  const [chosenDay, setDay] = useState("");
  const [chosen, setChosen] = useState("");
  const office = chosen || firstOffice(offices);
  // "Today" is the office's today, wherever this machine's clock thinks it is.
  const here = today(new Date(), offices.find((each) => each.code === office)?.timezone);
  const day = chosenDay || here;
  const [appointments, setAppointments] = useState<Appointment[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [reading, setReading] = useState(0);
  useTitle(c("counter.title"));
  useShortcuts({ r: () => setReading(reading + 1) });

  useEffect(() => {
    readOffices().then(setOffices).catch(setFailure);
  }, [language.value]);

  useEffect(() => {
    if (!office || !day) return undefined;
    let wanted = true;
    setAppointments(null);
    setFailure(null);
    desk()
      .get<{ appointments: Appointment[] }>(`/desk/appointments/${office}?date=${day}`)
      .then((answer) => wanted && setAppointments(answer.appointments.toSorted((a, b) => a.start.localeCompare(b.start))))
      .catch((error) => wanted && setFailure(error));
    return () => {
      wanted = false;
    };
  }, [office, day, reading, language.value]);

  const choose = (code: string) => {
    localStorage.setItem(LAST_OFFICE, code);
    setChosen(code);
  };

  return (
    <main class="desk-page" id="content">
      <header class="desk-page__head">
        <h1 class="desk-page__title">{c("counter.title")}</h1>
      </header>
      <form class="desk-filters" aria-label={c("counter.which")} onSubmit={(event) => event.preventDefault()}>
        <label class="desk-inline">
          <span>{c("counter.office")}</span>
          <select class="desk-input" value={office} onChange={(event) => choose(event.currentTarget.value)}>
            {offices.map((each) => (
              <option key={each.code} value={each.code}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
        <label class="desk-inline">
          <span>{c("counter.day")}</span>
          <input class="desk-input" type="date" value={day} onChange={(event) => setDay(event.currentTarget.value || day)} />
        </label>
        <div class="desk-filters__buttons">
          <Button small onClick={() => setDay(shiftDay(day, -1))}>
            {c("counter.day_before")}
          </Button>
          <Button small onClick={() => setDay(here)}>
            {c("counter.today")}
          </Button>
          <Button small onClick={() => setDay(shiftDay(day, 1))}>
            {c("counter.day_after")}
          </Button>
        </div>
      </form>
      <ProblemNotice error={failure} />
      {!appointments && !failure && <Loading />}
      {appointments && (
        <p class="desk-count" role="status">
          {c("counter.count", { count: appointments.length })}
        </p>
      )}
      {appointments?.length === 0 && (
        <div class="desk-nothing">
          <p class="desk-nothing__title">{c("counter.nobody")}</p>
        </div>
      )}
      {appointments && appointments.length > 0 && <AppointmentTable appointments={appointments} />}
    </main>
  );
}

/** The offices of the officer's own desks. */
async function readOffices(): Promise<Office[]> {
  return (await desk().get<{ offices: Office[] }>("/desk/offices")).offices;
}

function AppointmentTable({ appointments }: { appointments: Appointment[] }) {
  return (
    <div class="desk-table-frame" role="group" aria-label={c("counter.title")} tabIndex={0}>
      <table class="desk-table desk-queue">
        <thead>
          <tr>
            <th scope="col">{c("counter.time")}</th>
            <th scope="col">{c("queue.reference")}</th>
            <th scope="col">{c("queue.applicant")}</th>
            <th scope="col">{c("counter.purpose")}</th>
            <th scope="col">{c("queue.status")}</th>
            <th scope="col">
              <span class="ryoji-visually-hidden">{c("queue.action")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {appointments.map((each) => (
            <tr key={each.case_id + each.start}>
              <td class="desk-time">
                <time dateTime={each.start}>{formatLocalTime(each.start)}</time>
              </td>
              <th scope="row">
                <a class="desk-reference" href={caseUrl(each.case_id)}>
                  {each.reference}
                </a>
              </th>
              <td>{each.applicant}</td>
              <td>{c(`counter.${each.purpose}`)}</td>
              <td>
                <StatusChip status={each.status} text={each.status_text} />
              </td>
              <td class="desk-queue__action">
                {each.status === "collection" && (
                  <a
                    class="ryoji-button"
                    data-variant="primary"
                    data-size="small"
                    href={handoverUrl(each.case_id)}
                    aria-label={c("counter.attend_this", { reference: each.reference })}
                  >
                    {c("counter.attend")}
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The office chosen last on this machine, else the first. */
function firstOffice(offices: Office[]): string {
  const last = localStorage.getItem(LAST_OFFICE);
  return (offices.find((each) => each.code === last) ?? offices[0])?.code ?? "";
}
