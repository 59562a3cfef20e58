import { useLocation } from "preact-iso";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import type { Answer, Answers, CaseView, SectionDescription } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";
import { caseNow, change, refresh, type Described } from "../cases/store.ts";
import { WithDescription } from "../cases/with-case.tsx";
import { factsFor, today } from "../forms/conditions.ts";
import { answersToSend, faultsIn, fieldsOf, firstAnswers, isAsked, sameAnswers, withTyped, type FieldDescription } from "../forms/fields.ts";
import { SchemaField } from "../forms/schema-field.tsx";
import { useSubmission } from "../forms/submission.ts";
import { dropUnsaved, keepUnsaved, unsavedOf, type Unsaved } from "../forms/unsaved.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { NotFound } from "../pages/not-found.tsx";
import { isOpen, sayMended } from "./mended.ts";
import { backward, onward, placeOf, stepsOf } from "./steps.ts";

/** One section of the form: drawn from its schema, saved when left forwards. */
export function Section({ id, section }: { id: string; section: string }) {
  return (
    <WithDescription id={id}>
      {(kase, described) => {
        const description = described.procedure.sections.find((each) => each.id === section);
        if (!description) return <NotFound />;
        if (!isOpen(kase, `sections/${section}`)) return <Closed kase={kase} title={description.title} />;
        return <SectionForm key={section} kase={kase} described={described} description={description} />;
      }}
    </WithDescription>
  );
}

interface SectionFormProps {
  kase: CaseView;
  described: Described;
  description: SectionDescription;
}

function SectionForm({ kase, described, description }: SectionFormProps) {
  const { query, route } = useLocation();
  const saved = kase.sections.find((section) => section.id === description.id);
  const answers = savedAnswers(kase, description.id);
  const fields = useMemo(() => fieldsOf(description, kase), [description, kase]);
  // Until something is typed the form shows what the case says, also when another device says something new.
  const [mine, setMine] = useState(() => unsavedOf(kase.case_id, description.id));
  const typed = mine?.typed ?? firstAnswers(fields, answers);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [conflicted, setConflicted] = useState(false);
  const form = useSubmission();
  const facts = withTyped(factsFor(answersOf(kase), today(), described.procedure.age_reached), description.id, typed);
  const asked = fields.filter((field) => isAsked(field, facts));
  const place = placeOf(stepsOf(kase, described.procedure), "section", description.id);
  useEffect(() => {
    // A change link of the answers page names the field that it is about.
    if (window.location.hash) document.getElementById(window.location.hash.slice(1))?.focus();
  }, []);
  if (!place) return <NotFound />;

  const hold = (unsaved: Unsaved) => {
    setMine(unsaved);
    keepUnsaved(kase.case_id, description.id, unsaved);
  };
  const type = (name: string, answer: Answer) => {
    setTouched(new Set([...touched, name]));
    hold({ typed: { ...typed, [name]: answer }, base: mine?.base ?? answers });
  };
  const takeSaved = () => {
    dropUnsaved(kase.case_id, description.id);
    setTouched(new Set());
    setMine(null);
    setConflicted(false);
    form.say([]);
  };
  const sent = answersToSend(asked, typed);
  const overtaken = mine !== null && !sameAnswers(answers, mine.base) && !sameAnswers(answers, sent);
  const save = (event: Event) => {
    event.preventDefault();
    const faults = faultsIn(asked, typed).map(({ field, code, values }) => ({ field, text: c(`fault.${code}`, values) }));
    void form.submit(faults, async () => {
      const base = mine?.base ?? answers;
      const fresh = await saveSection(kase, description.id, base, sent).catch((error: unknown) => {
        // Now the person knows: what is saved next is meant to replace the other answers.
        if (isConflict(error)) {
          hold({ typed, base: savedAnswers(caseNow(kase.case_id) ?? kase, description.id) });
          setConflicted(true);
        }
        throw error;
      });
      dropUnsaved(kase.case_id, description.id);
      const after = await sayMended(fresh, `sections/${description.id}`);
      route(onward(after, placeOf(stepsOf(after, described.procedure), "section", description.id) ?? place, query["return"]));
    });
  };
  const isFresh = (field: FieldDescription) =>
    saved?.status !== "done" && !touched.has(field.name) && field.prefill !== null && typed[field.name] === field.prefill.value;
  const reason = kase.correction?.items.find(({ item }) => item === `sections/${description.id}`)?.reason;
  return (
    <Page
      title={description.title}
      caption={kase.title}
      back={{ href: backward(kase, place, query["return"]) }}
      lead={description.hint}
      errors={form.errors}
      mend={form.mend}
    >
      {reason && <NotificationBanner kind="warning" title={c("correction.asked")}><p dir="auto">{reason}</p></NotificationBanner>}
      {(overtaken || conflicted) && <ChangedElsewhere takeSaved={takeSaved} />}
      {asked.some(isFresh) && <NotificationBanner title={c("prefill.title")}><p>{c("prefill.text")}</p></NotificationBanner>}
      <form noValidate onSubmit={save}>
        {asked.map((field) => (
          <SchemaField key={field.name} field={field} value={typed[field.name] ?? null} onChange={(answer) => type(field.name, answer)} error={form.errorOf(field.name)} fresh={isFresh(field)} offices={described.offices} />
        ))}
        <ButtonRow>
          <Button type="submit" busy={form.busy}>{c("wizard.continue")}</Button>
          <LinkButton variant="text" href={links.case(kase.case_id)}>{c("wizard.later")}</LinkButton>
        </ButtonRow>
      </form>
    </Page>
  );
}

function answersOf(kase: CaseView): Record<string, Answers> {
  return Object.fromEntries(kase.sections.map(({ id, answers }) => [id, answers]));
}

/** Said as soon as it is known, and not only when the person saves. */
function ChangedElsewhere({ takeSaved }: { takeSaved: () => void }) {
  return (
    <NotificationBanner kind="warning" title={c("conflict.title")} live>
      <p>{c("conflict.detail")} {c("conflict.choose")}</p>
      <Button variant="secondary" size="medium" onClick={takeSaved}>{c("conflict.take_saved")}</Button>
    </NotificationBanner>
  );
}

/**
 * Saves on top of the answers that the form began with. When something else was recorded since and this section is still
 * as it was (or as it shall be), that is done simply; when it is not, the person decides.
 */
async function saveSection(kase: CaseView, section: string, base: Answers, answers: Answers): Promise<CaseView> {
  const put = (now: CaseView) => {
    const saved = savedAnswers(now, section);
    if (!sameAnswers(saved, base) && !sameAnswers(saved, answers)) throw new Problem(409, "conflict", c("conflict.title"), c("conflict.detail"), c("conflict.mend"), "", []);
    return change((client) => client.put<CaseView>(`/cases/${kase.case_id}/sections/${section}`, { answers, sequence: now.sequence }));
  };
  try {
    return await put(kase);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return put(await refresh(kase.case_id));
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Problem && error.code === "conflict";
}

function savedAnswers(kase: CaseView, section: string): Answers {
  return kase.sections.find(({ id }) => id === section)?.answers ?? {};
}

/** What was sent is not open to change any more, save where a correction asks for it. */
export function Closed({ kase, title }: { kase: CaseView; title: string }) {
  return (
    <Page title={title} lead={c("wizard.closed")} back={{ href: links.case(kase.case_id) }}>
      <ButtonRow>
        <LinkButton href={links.case(kase.case_id)}>{c("wizard.to_case")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
