import { useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import type { StatusAnswer } from "../../shared/contract.ts";
import { Button, ButtonRow, DateField, SummaryList, Tag, TextField, isBirthDate } from "../../shared/components/index.ts";
import { formatDate, formatMoment } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { api } from "../connection.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { toneOf } from "../tone.ts";

/** Where is my case? Asked with the reference and the birth date, without an account. */
export function Status() {
  const [reference, setReference] = useState("");
  const [birthDate, setBirthDate] = useState("");
  const [found, setFound] = useState<StatusAnswer | null>(null);
  const form = useSubmission();
  const ask = (event: Event) => {
    event.preventDefault();
    void form.submit(faultsOf(reference, birthDate), async () => {
      const body = { reference: tidy(reference), birth_date: birthDate.toUpperCase() };
      setFound(await (await api()).post<StatusAnswer>("/status", body, { anonymous: true }).catch(inPlainWords));
    });
  };
  if (found) return <Found answer={found} again={() => setFound(null)} />;
  return (
    <Page title={t("status.title")} lead={t("status.lead")} errors={form.errors} mend={form.mend}>
      <form noValidate onSubmit={ask}>
        <TextField id="reference" label={t("status.reference")} hint={t("status.reference_hint")} required plain width="20" capitals value={reference} onChange={setReference} error={form.errorOf("reference")} autocomplete="off" />
        <DateField id="birth_date" label={t("status.birth_date")} hint={t("status.birth_date_hint")} required plain value={birthDate} onChange={setBirthDate} error={form.errorOf("birth_date")} autocomplete="bday" />
        <ButtonRow>
          <Button type="submit" busy={form.busy}>{t("status.ask")}</Button>
        </ButtonRow>
      </form>
    </Page>
  );
}

function tidy(reference: string): string {
  return reference.normalize("NFKC").replace(/[‐‑–—−ー]/g, "-").replaceAll(" ", "").toUpperCase();
}

function faultsOf(reference: string, birthDate: string) {
  const faults = [];
  if (!tidy(reference)) faults.push({ field: "reference", text: t("status.reference_missing") });
  if (!isBirthDate(birthDate)) faults.push({ field: "birth_date", text: t("status.birth_date_missing") });
  return faults;
}

/** Not found and too many tries get words of this page's own when the server sent none. */
function inPlainWords(error: unknown): never {
  if (!(error instanceof Problem) || error.detail) throw error;
  const text = { 404: t("status.not_found"), 429: t("failure.too_many.detail") }[error.status];
  if (!text) throw error;
  throw new Problem(error.status, error.code, text, text, t("status.not_found_mend"), error.reference, []);
}

function Found({ answer, again }: { answer: StatusAnswer; again: () => void }) {
  const { next } = answer;
  return (
    <Page title={answer.title} caption={answer.reference} lead={<Tag tone={toneOf(answer.status, answer.permission)}>{answer.status_text}</Tag>}>
      <SummaryList
        rows={[
          { key: t("next.what"), value: next.text },
          { key: t("next.who"), value: t(`next.${next.who}`) },
          ...(next.by ? [{ key: t("next.by"), value: formatDate(next.by) }] : []),
          { key: t("status.updated"), value: formatMoment(answer.updated_at) },
        ]}
      />
      <p class="ryoji-note">{t("status.more")} <a href={links.signIn(links.account())}>{t("frame.sign_in")}</a></p>
      <ButtonRow>
        <Button variant="secondary" onClick={again}>{t("status.again")}</Button>
      </ButtonRow>
    </Page>
  );
}
