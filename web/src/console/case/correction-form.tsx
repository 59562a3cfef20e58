import { useState } from "preact/hooks";
import { describe, isLanguage } from "../../shared/language.ts";
import type { DeskCase } from "../desk.ts";
import { useDraft } from "../draft.ts";
import { Button, Confirm, Field, focusFirstError, Mark } from "../parts.tsx";
import { c } from "../texts.ts";
import { Block, ProblemOf, WhichCase } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { correctionItems, type Item } from "./correction-items.ts";
import { useDescription } from "./description.ts";
import { type CorrectionDraft, correctionBody, itemsWithoutReason } from "./proposal.ts";

/** Ask the applicant to mend one or more things, each with its reason. */
export function CorrectionForm({ file, held }: { file: DeskCase; held: CaseFile }) {
  const [draft, keep, drop] = useDraft<CorrectionDraft>(`${file.case_id}.correction`, {});
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  // Without the procedure's documents those that were asked for can still be asked for again.
  const items = correctionItems(file, useDescription(file.procedure).documents);
  const asked = items.filter((each) => each.item in draft);
  const missing = itemsWithoutReason(draft);

  const choose = (each: Item, on: boolean) => {
    const { [each.item]: _left, ...others } = draft;
    keep(on ? { ...others, [each.item]: "" } : others);
  };
  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (asked.length > 0 && missing.length === 0) setConfirming(true);
    else focusFirstError(event.currentTarget);
  };
  const send = async () => {
    const done = await held.act("correction-request", correctionBody(draft));
    setConfirming(false);
    if (done) drop();
  };

  return (
    <Block title={c("correct.title")}>
      <form onSubmit={ask} noValidate>
        <fieldset class="desk-choice" data-invalid={tried && asked.length === 0 ? "yes" : "no"}>
          <legend class="desk-field__label">{c("correct.items")}</legend>
          {tried && asked.length === 0 && (
            <p class="desk-field__error">
              <Mark tone="bad" />
              {c("correct.error.items")}
            </p>
          )}
          {items.map((each) => (
            <div key={each.item}>
              <label class="desk-choice__option">
                <input type="checkbox" checked={each.item in draft} onChange={(event) => choose(each, event.currentTarget.checked)} />
                <span>{each.title}</span>
              </label>
              {each.item in draft && (
                <div class="desk-choice__more">
                  <Field
                    label={c("correct.reason", { item: each.title })}
                    hint={c("correct.reason_hint", { language: isLanguage(file.language) ? describe(file.language).name : file.language })}
                    error={tried && missing.includes(each.item) ? c("correct.error.reason") : undefined}
                  >
                    {(control) => (
                      <textarea {...control} class="desk-input" rows={3} lang={file.language} value={draft[each.item]} onInput={(event) => keep({ ...draft, [each.item]: event.currentTarget.value })} />
                    )}
                  </Field>
                  {each.suggestion && (
                    <Button small kind="plain" onClick={() => keep({ ...draft, [each.item]: each.suggestion })}>
                      {c("correct.suggest")}
                    </Button>
                  )}
                </div>
              )}
            </div>
          ))}
        </fieldset>
        <Button type="submit">{c("correct.next")}</Button>
      </form>
      <ProblemOf action="correction-request" held={held} />
      {confirming && (
        <Confirm
          title={c("correct.confirm")}
          deed={c("correct.do")}
          busy={held.busy === "correction-request"}
          onConfirm={() => void send()}
          onBack={() => setConfirming(false)}
        >
          <WhichCase file={file} />
          <dl class="desk-facts">
            {asked.map((each) => (
              <div key={each.item}>
                <dt>{each.title}</dt>
                <dd class="desk-written">{draft[each.item]?.trim()}</dd>
              </div>
            ))}
          </dl>
          <p>{c("correct.then")}</p>
        </Confirm>
      )}
    </Block>
  );
}
