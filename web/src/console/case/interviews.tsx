import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { DeskCase } from "../desk.ts";
import { useDraft } from "../draft.ts";
import { useClock } from "../moments.ts";
import { Button, Confirm, Field, focusFirstError, Panel } from "../parts.tsx";
import { c } from "../texts.ts";
import { Block, nameOfLanguage, ProblemOf, WhichCase } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";

interface InterviewProps {
  file: DeskCase;
  held: CaseFile;
}

/** Ask the applicant to come to the mission. */
export function InterviewRequest({ file, held }: InterviewProps) {
  const [start, keepStart, dropStart] = useDraft(`${file.case_id}.interview.start`, "");
  return (
    <Block title={c("interview.ask_title")}>
      <Field label={c("interview.start")} hint={c("interview.start_hint")}>
        {(control) => <input {...control} class="desk-input" type="datetime-local" value={start} onInput={(event) => keepStart(event.currentTarget.value)} />}
      </Field>
      <Written
        file={file}
        held={held}
        action="interview"
        name="text"
        hint={c("interview.text_hint", { language: nameOfLanguage(file.language) })}
        lang={file.language}
        limit={2000}
        more={start ? { start } : {}}
        onDone={dropStart}
      >
        <p>{start ? `${c("interview.start")}: ${start.replace("T", " ")}` : c("interview.no_start")}</p>
      </Written>
    </Block>
  );
}

/** What was said, once the applicant came. */
export function InterviewNotes({ file, held }: InterviewProps) {
  const { shortMoment } = useClock();
  const asked = file.interviews[0];
  return (
    <Block title={c("interview.notes_title")}>
      {asked && <p class="desk-quiet">{c("interview.asked", { at: shortMoment(asked.asked_at) })}</p>}
      <Written file={file} held={held} action="interview/notes" name="notes" hint={c("interview.notes_hint")} limit={4000} />
    </Block>
  );
}

interface WrittenProps extends InterviewProps {
  action: "interview" | "interview/notes";
  name: "text" | "notes";
  hint: string;
  lang?: string;
  limit: number;
  /** What goes along with the text, and how it is shown before it is sent. */
  more?: Record<string, string>;
  children?: ComponentChildren;
  onDone?: () => void;
}

/** One text, looked at once more before it is sent: neither can be taken back. */
function Written({ file, held, action, name, hint, lang, limit, more = {}, children, onDone }: WrittenProps) {
  const [text, keep, drop] = useDraft(`${file.case_id}.${action}`, "");
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);

  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (text.trim()) setConfirming(true);
    else focusFirstError(event.currentTarget);
  };
  const send = async () => {
    const done = await held.act(action, { [name]: text.trim(), ...more });
    setConfirming(false);
    if (!done) return;
    drop();
    onDone?.();
  };
  return (
    <>
      <form onSubmit={ask} noValidate>
        <Field label={c(`interview.${name}`)} hint={hint} error={tried && !text.trim() ? c(`interview.error.${name}`) : undefined}>
          {(control) => (
            <textarea {...control} class="desk-input" rows={4} lang={lang} maxLength={limit} value={text} onInput={(event) => keep(event.currentTarget.value)} />
          )}
        </Field>
        <Button type="submit">{c(`interview.next_${name}`)}</Button>
      </form>
      <ProblemOf action={action} held={held} />
      {confirming && (
        <Confirm
          title={c(`interview.confirm_${name}`)}
          deed={c(`interview.do_${name}`)}
          busy={held.busy === action}
          onConfirm={() => void send()}
          onBack={() => setConfirming(false)}
        >
          <WhichCase file={file} />
          {children}
          <p class="desk-written" lang={lang}>
            {text.trim()}
          </p>
          <p>{c(`interview.then_${name}`)}</p>
        </Confirm>
      )}
    </>
  );
}

/** Every interview of the case, the newest first. */
export function InterviewsPanel({ id, file }: { id: string; file: DeskCase }) {
  const { shortMoment } = useClock();
  return (
    <Panel id={id} title={c("interviews.title")}>
      <ol class="desk-interviews">
        {file.interviews.map((each) => (
          <li key={each.asked_at}>
            <p class="desk-quiet">
              {c("interview.asked", { at: shortMoment(each.asked_at) })}{" "}
              {each.start && `${c("interview.start")}: ${each.start.slice(0, 16).replace("T", " ")}. `}
              {each.held_at ? c("interview.held", { at: shortMoment(each.held_at), name: each.by ?? "" }) : c("interview.not_held")}
            </p>
            <p class="desk-written" lang={file.language}>
              {each.text}
            </p>
            {each.notes && (
              <>
                <h3 class="desk-subtitle">{c("interview.notes")}</h3>
                <p class="desk-written">{each.notes}</p>
              </>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
