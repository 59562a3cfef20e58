import { useState } from "preact/hooks";
import type { DeskCase, Original } from "../desk.ts";
import { useDraft } from "../draft.ts";
import { useClock } from "../moments.ts";
import { Button, Choice, Field, focusFirstError, Mark } from "../parts.tsx";
import { c } from "../texts.ts";
import { Block, ProblemOf } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";

interface OriginalsProps {
  file: DeskCase;
  held: CaseFile;
}

/** What the applicant brought to the counter, held beside the uploads: one answer a document. */
export function OriginalsBlock({ file, held }: OriginalsProps) {
  const maySee = file.may.includes("see_originals");
  return (
    <Block title={c("originals.title")}>
      <p class="desk-quiet">{c("originals.hint")}</p>
      {file.originals.map((original) => (
        <OriginalItem key={original.document} id={file.case_id} original={original} held={held} maySee={maySee} />
      ))}
      <ProblemOf action="originals" held={held} />
    </Block>
  );
}

interface ItemProps {
  id: string;
  original: Original;
  held: CaseFile;
  maySee: boolean;
}

function OriginalItem({ id, original, held, maySee }: ItemProps) {
  const [again, setAgain] = useState(false);
  const asking = maySee && (original.outcome === null || again);
  return (
    <section class="desk-original" aria-label={original.title}>
      <h4 class="desk-subtitle">{original.title}</h4>
      <State original={original} />
      {asking && <OriginalForm id={id} original={original} held={held} onDone={() => setAgain(false)} />}
      {maySee && original.outcome !== null && !again && (
        <Button small onClick={() => setAgain(true)}>
          {c("originals.again")}
        </Button>
      )}
    </section>
  );
}

function State({ original: { outcome, note, by, at } }: { original: Original }) {
  const { shortMoment } = useClock();
  const tone = outcome === null ? "warning" : outcome === "agrees" ? "good" : "bad";
  return (
    <>
      <span class="desk-chip" data-tone={tone}>
        <Mark tone={tone} />
        <span>{c(outcome === null ? "originals.open" : `originals.${outcome}`)}</span>
      </span>
      {at && <p class="desk-quiet">{c("originals.seen", { at: shortMoment(at), name: by ?? "" })}</p>}
      {note && <p class="desk-written">{note}</p>}
    </>
  );
}

function OriginalForm({ id, original, held, onDone }: { id: string; original: Original; held: CaseFile; onDone: () => void }) {
  const [outcome, setOutcome] = useState("");
  const [note, keepNote, dropNote] = useDraft(`${id}.original.${original.document}`, "");
  const [tried, setTried] = useState(false);
  const noteNeeded = outcome === "differs" && !note.trim();

  const send = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!outcome || noteNeeded) return focusFirstError(event.currentTarget);
    const seen = { document: original.document, outcome, note: outcome === "differs" ? note.trim() : null };
    if (!(await held.act("originals", { originals: [seen] }))) return;
    dropNote();
    onDone();
  };
  return (
    <form onSubmit={(event) => void send(event)} noValidate>
      <Choice
        legend={c("originals.outcome")}
        name={`original-${original.document}`}
        value={outcome}
        options={(["agrees", "differs"] as const).map((value) => ({ value, label: c(`originals.${value}`) }))}
        error={tried && !outcome ? c("originals.error.outcome") : undefined}
        onChange={setOutcome}
      />
      {outcome === "differs" && (
        <Field label={c("originals.note")} hint={c("originals.note_hint")} error={tried && noteNeeded ? c("originals.error.note") : undefined}>
          {(control) => <textarea {...control} class="desk-input" rows={3} maxLength={2000} value={note} onInput={(event) => keepNote(event.currentTarget.value)} />}
        </Field>
      )}
      <Button type="submit" busy={held.busy === "originals"}>
        {c("originals.do")}
      </Button>
    </form>
  );
}
