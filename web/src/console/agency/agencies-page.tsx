import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { language } from "../../shared/language.ts";
import { desk, mayBe, me } from "../connection.ts";
import type { Agency, Desk } from "../desk.ts";
import { Button, Loading, Mark, Panel, ProblemNotice } from "../parts.tsx";
import { agencyUrl } from "../places.ts";
import { c } from "../texts.ts";
import { useTitle } from "../title.ts";
import { Accreditation } from "./accreditation.tsx";

interface Page {
  /** The desks that the officer may ask about. */
  desks: Desk[];
  agencies: Agency[];
  cursor: string | null;
}

/** The agencies that a desk accredits: who may file, how much of the month is used, and how many people file. */
export function AgenciesPage() {
  const [chosen, choose] = useState(askedInAddress);
  const [known, setKnown] = useState<Page | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useTitle(c("agencies.title"));
  const read = (cursor: string | null) =>
    desk().get<Page>(`/desk/desks/${encodeURIComponent(chosen)}/agencies${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);
  useEffect(() => {
    let overtaken = false;
    setFailure(null);
    setKnown(null);
    history.replaceState(history.state, "", `${location.pathname}?${new URLSearchParams({ desk: chosen })}`);
    read(null)
      .then((page) => !overtaken && setKnown(page))
      .catch((error: unknown) => !overtaken && setFailure(error));
    return () => (overtaken = true);
  }, [chosen, attempt, language.value]);
  const more = async () => {
    if (!known) return;
    setBusy(true);
    try {
      const next = await read(known.cursor);
      setKnown((now) => (now === known ? { ...next, agencies: [...now.agencies, ...next.agencies] } : now));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  const desks = known?.desks ?? me.value?.desks ?? [];
  return (
    <main class="desk-page" id="content">
      <header class="desk-page__head">
        <h1 class="desk-page__title">{c("agencies.title")}</h1>
        <label class="desk-inline">
          <span>{c("queue.desk")}</span>
          <select class="desk-input" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
            {desks.map((each) => (
              <option key={each.desk} value={each.desk}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
      </header>
      {mayBe("approver") && known && <NewAgency desks={known.desks} at={chosen} />}
      <ProblemNotice error={failure} />
      {failure ? <Button onClick={() => setAttempt(attempt + 1)}>{c("again")}</Button> : null}
      {!known && !failure && <Loading />}
      <p class="desk-count" role="status">
        {known ? c(known.cursor ? "agencies.count_more" : "agencies.count", { count: known.agencies.length }) : ""}
      </p>
      {known && known.agencies.length > 0 && <Table agencies={known.agencies} />}
      {known && known.agencies.length === 0 && (
        <div class="desk-nothing">
          <p class="desk-nothing__title">{c("agencies.nothing")}</p>
        </div>
      )}
      {known?.cursor && (
        <Button busy={busy} onClick={() => void more()}>
          {c("queue.more")}
        </Button>
      )}
    </main>
  );
}

/** The form stands behind a button: most visits to this page are for the list. */
function NewAgency({ desks, at }: { desks: Page["desks"]; at: string }) {
  const { route } = useLocation();
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <p>
        <Button onClick={() => setOpen(true)}>{c("agency.accredit_title")}</Button>
      </p>
    );
  }
  return (
    <Panel id="accreditation" title={c("agency.accredit_title")}>
      <Accreditation desks={desks} at={at} onDone={({ code }) => route(agencyUrl(code))} />
      <p>
        <Button small onClick={() => setOpen(false)}>
          {c("back")}
        </Button>
      </p>
    </Panel>
  );
}

function Table({ agencies }: { agencies: Agency[] }) {
  return (
    <div class="desk-table-frame" role="group" aria-label={c("agencies.title")} tabIndex={0}>
      <table class="desk-table">
        <thead>
          <tr>
            <th scope="col">{c("agencies.name")}</th>
            <th scope="col">{c("agency.code")}</th>
            <th scope="col">{c("queue.status")}</th>
            <th scope="col">{c("agency.quota")}</th>
            <th scope="col">{c("agency.staff")}</th>
          </tr>
        </thead>
        <tbody>
          {agencies.map((agency) => (
            <tr key={agency.code}>
              <th scope="row">
                <a href={agencyUrl(agency.code)}>{agency.name}</a>
              </th>
              <td class="desk-mono">{agency.code}</td>
              <td>
                <span class="desk-chip" data-tone={agency.suspended ? "bad" : "good"}>
                  <Mark tone={agency.suspended ? "bad" : "good"} />
                  <span>{c(agency.suspended ? "agency.suspended" : "agency.may_file")}</span>
                </span>
              </td>
              <td class="desk-number">{c("agencies.used", { used: agency.used, quota: agency.quota })}</td>
              <td class="desk-number">{c("agencies.staff", { count: agency.staff.filter(({ enabled }) => enabled).length })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A reload, or a link from a colleague, finds the same desk. */
function askedInAddress(): string {
  return new URLSearchParams(location.search).get("desk") ?? me.value?.desks[0]?.desk ?? "";
}
