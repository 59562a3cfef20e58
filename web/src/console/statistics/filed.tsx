import { useEffect, useState } from "preact/hooks";
import { describe, language } from "../../shared/language.ts";
import { desk, mayBe, me } from "../connection.ts";
import { Button, Field, focusFirstError, Panel, ProblemNotice } from "../parts.tsx";
import { c } from "../texts.ts";
import { type Filed, shareOnline, type Statistics } from "./figures.ts";

interface Props {
  known: Statistics;
  /** The desk that was chosen; `all` for every one. */
  chosen: string;
  onChanged: (known: Statistics) => void;
}

/** The share that is filed online: known where a counter has said what came in on paper. */
export function FiledOnline({ known, chosen, onChanged }: Props) {
  const own = mayBe("counter") && me.value?.desks.some((each) => each.desk === chosen);
  return (
    <Panel id="filed" title={c("statistics.filed")}>
      {known.filed.length > 0 ? <Shares filed={known.filed} /> : <p>{c("statistics.filed_nothing")}</p>}
      {own && <OnPaper key={`${chosen} ${known.month}`} known={known} chosen={chosen} onChanged={onChanged} />}
    </Panel>
  );
}

function Shares({ filed }: { filed: Filed[] }) {
  return (
    <div class="desk-table-frame" role="group" aria-label={c("statistics.filed")} tabIndex={0}>
      <table class="desk-table desk-statistics">
        <thead>
          <tr>
            <th scope="col">{c("queue.procedure")}</th>
            <th scope="col">{c("statistics.mission")}</th>
            <th scope="col" class="desk-statistics__number">{c("statistics.online")}</th>
            <th scope="col" class="desk-statistics__number">{c("statistics.on_paper")}</th>
            <th scope="col" class="desk-statistics__number">{c("statistics.share")}</th>
          </tr>
        </thead>
        <tbody>
          {filed.map((each) => (
            <tr key={`${each.desk} ${each.procedure}`}>
              <th scope="row">{each.title}</th>
              <td>{each.desk_title}</td>
              <Numbers of={[each]} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {c("statistics.sum")}
            </th>
            <Numbers of={filed} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Numbers({ of }: { of: Filed[] }) {
  const { locale } = describe(language.value);
  const share = shareOnline(of);
  const sum = (name: "online" | "on_paper") => of.reduce((all, each) => all + each[name], 0).toLocaleString(locale);
  return (
    <>
      <td class="desk-statistics__number">{sum("online")}</td>
      <td class="desk-statistics__number">{sum("on_paper")}</td>
      <td class="desk-statistics__number">{share === null ? "—" : share.toLocaleString(locale, { style: "percent", minimumFractionDigits: 1 })}</td>
    </>
  );
}

/** The counter says how many applications it took in on paper; saying it again replaces the number. */
function OnPaper({ known, chosen, onChanged }: Props) {
  const procedures = useProcedures();
  const [procedure, setProcedure] = useState("");
  const [received, setReceived] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const asked = procedure || (procedures[0]?.id ?? "");
  const wrong = !/^\d{1,7}$/.test(received.trim());
  const send = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return focusFirstError(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const body = { month: known.month, procedure: asked, received: Number(received) };
      onChanged(await desk().put<Statistics>(`/desk/statistics/${encodeURIComponent(chosen)}/paper`, body));
      setReceived("");
      setTried(false);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)} noValidate>
      <Field label={c("queue.procedure")}>
        {(control) => (
          <select {...control} class="desk-input" value={asked} onChange={(event) => setProcedure(event.currentTarget.value)}>
            {procedures.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={c("statistics.paper_field")} hint={c("statistics.paper_hint")} error={tried && wrong ? c("statistics.error.paper") : undefined}>
        {(control) => <input {...control} class="desk-input" inputMode="numeric" autocomplete="off" value={received} onInput={(event) => setReceived(event.currentTarget.value)} />}
      </Field>
      <Button type="submit" busy={busy} disabled={!asked}>
        {c("statistics.paper_do")}
      </Button>
      <ProblemNotice error={problem} />
    </form>
  );
}

function useProcedures(): { id: string; title: string }[] {
  const [procedures, setProcedures] = useState<{ id: string; title: string }[]>([]);
  useEffect(() => {
    desk()
      .get<{ procedures: { id: string; title: string }[] }>("/procedures", { anonymous: true })
      .then((found) => setProcedures(found.procedures))
      .catch(() => undefined);
  }, [language.value]);
  return procedures;
}
