import { useRef, useState } from "preact/hooks";
import type { DeskCase, Hit, Verdict } from "../desk.ts";
import { useDraft } from "../draft.ts";
import { Button, Field, Mark, Notice, Panel } from "../parts.tsx";
import { c } from "../texts.ts";
import { ProblemOf } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { OtherCase } from "./other-case.tsx";
import { ScreenAgain } from "./screening.tsx";
import { lacksScreening, openHits, verdictsOf } from "./verdict.ts";

/** What the screening found, with why it thinks so; a person says of each whether it is this traveller. */
export function HitsPanel({ id, file, held }: { id: string; file: DeskCase; held: CaseFile }) {
  const open = openHits(file.hits).length;
  const lacking = lacksScreening(file.findings);
  return (
    <Panel id={id} title={c("hits.title")} aside={file.hits.length > 0 && <span class="desk-quiet">{c("hits.open", { count: open })}</span>}>
      {lacking && (
        <Notice tone="warning" title={c("screening.lacking")}>
          <p>{c("screening.not_approved")}</p>
        </Notice>
      )}
      {file.hits.length === 0 ? (
        !lacking && <p class="desk-quiet">{c("hits.none")}</p>
      ) : (
        <>
          <ol class="desk-hits">
            {file.hits.map((hit) => (
              <HitItem key={hit.id} hit={hit} file={file} held={held} />
            ))}
          </ol>
          {file.more_hits > 0 && <p class="desk-attention" data-open="yes">{c("hits.more", { count: file.more_hits })}</p>}
          <p class="desk-quiet">{c("hits.person_decides")}</p>
        </>
      )}
      <ScreenAgain file={file} held={held} />
    </Panel>
  );
}

interface HitProps {
  hit: Hit;
  file: DeskCase;
  held: CaseFile;
}

function HitItem({ hit, file, held }: HitProps) {
  const [again, setAgain] = useState(false);
  const mayDecide = file.may.includes("decide_hits");
  const asking = mayDecide && (hit.verdict === null || again);
  const titleId = `hit-${hit.id}`;
  return (
    <li class="desk-hit" data-open={hit.verdict === null ? "yes" : "no"} aria-labelledby={titleId}>
      <div class="desk-hit__head">
        <h3 class="desk-hit__title" id={titleId}>
          {hit.title}
        </h3>
        <span class="desk-hit__score">{c("hits.score", { score: hit.score.toFixed(2) })}</span>
        <VerdictChip verdict={hit.verdict} />
      </div>
      <ul class="desk-list">
        {hit.because.map((why) => (
          <li key={why}>{why}</li>
        ))}
      </ul>
      <About hit={hit} />
      {hit.note && (
        <p class="desk-hit__note">
          <span class="desk-quiet">{c("hits.note")}</span> {hit.note}
        </p>
      )}
      {asking && <VerdictForm hit={hit} file={file} held={held} onDone={() => setAgain(false)} />}
      {mayDecide && hit.verdict !== null && !again && (
        <Button small onClick={() => setAgain(true)}>
          {c("hits.again")}
        </Button>
      )}
    </li>
  );
}

function VerdictChip({ verdict }: { verdict: Verdict | null }) {
  const tone = verdict === null ? "warning" : verdict === "same_person" || verdict === "relevant" ? "bad" : "good";
  return (
    <span class="desk-chip" data-tone={tone}>
      <Mark tone={tone} />
      <span>{c(verdict === null ? "hits.undecided" : `verdict.${verdict}`)}</span>
    </span>
  );
}

/** Where it was found: the entry of a list, the applicant's own words, an earlier application, or those that share something. */
function About({ hit }: { hit: Hit }) {
  const { list_id: list, entry_id: entry, source, details } = hit.about;
  return (
    <dl class="desk-facts">
      {list && (
        <div>
          <dt>{c("hits.entry")}</dt>
          <dd>
            {[list, entry, source !== list && source].filter(Boolean).join(" / ")}
          </dd>
        </div>
      )}
      {hit.ground && (
        <div>
          <dt>{c("hits.ground")}</dt>
          <dd>{hit.ground}</dd>
        </div>
      )}
      {details && (
        <div>
          <dt>{c("hits.details")}</dt>
          <dd class="desk-written" dir="auto">
            {details}
          </dd>
        </div>
      )}
      {hit.cases.length > 0 && (
        <div>
          <dt>{c(hit.kind === "earlier" ? "hits.earlier" : "hits.cases")}</dt>
          <dd class="desk-hit__cases">
            {hit.cases.map((other) => (
              <OtherCase key={other.case_id} other={other} />
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** One press decides, because a later word may replace it; the note comes first. */
function VerdictForm({ hit, file, held, onDone }: HitProps & { onDone: () => void }) {
  const [note, keep, drop] = useDraft(`${file.case_id}.hit.${hit.id}`, "");
  const [missing, setMissing] = useState(false);
  const [pressed, setPressed] = useState<Verdict | "">("");
  const form = useRef<HTMLFormElement>(null);

  const decide = async (verdict: Verdict) => {
    setMissing(!note.trim());
    if (!note.trim()) return form.current?.querySelector("textarea")?.focus();
    setPressed(verdict);
    const done = await held.act("hits", { hit: hit.id, verdict, note: note.trim() });
    if (!done) return undefined;
    drop();
    return onDone();
  };

  return (
    <form class="desk-hit__form" ref={form} onSubmit={(event) => event.preventDefault()} noValidate>
      <Field label={c("hits.note_field")} hint={c("hits.note_hint")} error={missing && !note.trim() ? c("hits.error.note") : undefined}>
        {(control) => (
          <textarea {...control} class="desk-input" rows={2} maxLength={2000} required value={note} onInput={(event) => keep(event.currentTarget.value)} />
        )}
      </Field>
      <div class="desk-buttons" role="group" aria-label={c("hits.verdict", { hit: hit.title })}>
        {verdictsOf(hit.kind).map((verdict) => (
          <Button key={verdict} small busy={held.busy === "hits" && pressed === verdict} onClick={() => void decide(verdict)}>
            {c(`verdict.${verdict}`)}
          </Button>
        ))}
      </div>
      {pressed && <ProblemOf action="hits" held={held} />}
    </form>
  );
}
