import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import type { CaseSection, CaseView, Procedure } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner, SummaryList, Tag, type SummaryRow } from "../../shared/components/index.ts";
import { formatDate } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import { change, refresh, type Described } from "../cases/store.ts";
import { WithDescription } from "../cases/with-case.tsx";
import { api } from "../connection.ts";
import { factsFor, today } from "../forms/conditions.ts";
import { fieldsOf, isAsked } from "../forms/fields.ts";
import { withLabel } from "../forms/labels.ts";
import { answerInWords } from "../forms/schema-field.tsx";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { v } from "../travel-texts.ts";
import { Closed } from "./section.tsx";
import { documentState } from "./document-state.ts";

/** Everything that was answered, once more, each with a link to change it. */
export function Check({ id }: { id: string }) {
  return (
    <WithDescription id={id}>
      {(kase, described) => (kase.status === "draft" ? <Answers kase={kase} described={described} /> : <Closed kase={kase} title={c("check.title")} />)}
    </WithDescription>
  );
}

function Answers({ kase, described }: { kase: CaseView; described: Described }) {
  const { route } = useLocation();
  const form = useSubmission(anchorOf, (problem) => withLabel(problem, described.procedure));
  useEffect(() => {
    // A link of the error summary leads to the part of this page that is not complete.
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, []);
  const withoutCard = kase.identity.assurance === "account";
  const shown = useShown(kase);
  const goOn = () =>
    void form.submit([], async () => {
      const digest = shown ?? (await digestOf(kase));
      // Without the digest of what was shown this one may be of something newer: then the page shows that, and asks again.
      const { sequence } = await refresh(kase.case_id);
      if (sequence !== kase.sequence) throw new Problem(409, "conflict", c("conflict.title"), c("check.changed"), c("check.changed_mend"), "", []);
      if (!withoutCard) return route(links.sign(kase.case_id));
      await change((client) => client.post<CaseView>(`/cases/${kase.case_id}/submission`, { digest }, { timeout: 60_000 }));
      route(links.submitted(kase.case_id), true);
    });
  const uploads = kase.documents.filter((document) => document.supply === "upload");
  const others = kase.documents.filter((document) => document.supply !== "upload");
  return (
    <Page title={c("check.title")} lead={c("check.lead")} back={{ href: links.case(kase.case_id) }} errors={form.errors} mend={form.mend}>
      {kase.sections.filter((section) => section.status !== "not_needed").map((section) => (
        <SectionAnswers key={section.id} kase={kase} section={section} described={described} />
      ))}
      <section class="ryoji-section" aria-labelledby="documents">
        <h2 id="documents">{c("check.documents")}</h2>
        <SummaryList
          rows={uploads.map((document) => ({
            id: `documents-${document.id}`,
            key: document.title,
            value: <Tag tone={documentState(document).tone}>{documentState(document).text}</Tag>,
            action: { href: `${links.document(kase.case_id, document.id)}?return=check`, text: c("check.change"), about: document.title },
          }))}
        />
      </section>
      {others.length > 0 && (
        <section class="ryoji-section" aria-labelledby="bring">
          <h2 id="bring">{c("check.bring")}</h2>
          <ul class="ryoji-list">{others.map(({ id, title }) => <li key={id}>{title}</li>)}</ul>
        </section>
      )}
      {withoutCard ? (
        <NotificationBanner kind="warning" title={v("confirm.title")}><p>{v("confirm.text")}</p></NotificationBanner>
      ) : (
        <NotificationBanner title={c("check.next")}><p>{c("check.next_text")}</p></NotificationBanner>
      )}
      <ButtonRow>
        <Button busy={form.busy} onClick={goOn}>{withoutCard ? v("confirm.do") : c("check.go_on")}</Button>
        <LinkButton variant="text" href={links.case(kase.case_id)}>{c("wizard.later")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}

async function digestOf(kase: CaseView): Promise<string> {
  return (await (await api()).get<{ digest: string }>(`/cases/${kase.case_id}/submission`)).digest;
}

/**
 * The digest of the answers as this page shows them: what is confirmed is what was seen, and the server refuses it
 * when something was changed elsewhere in between. Null while something is missing.
 */
function useShown(kase: CaseView): string | null {
  const [known, setKnown] = useState<{ digest: string; sequence: number } | null>(null);
  const { sequence } = kase;
  useEffect(() => {
    let current = true;
    if (kase.identity.assurance === "account" && kase.may.includes("submit")) {
      digestOf(kase).then((digest) => current && setKnown({ digest, sequence }), () => undefined);
    }
    return () => {
      current = false;
    };
  }, [kase.case_id, sequence]);
  return known?.sequence === sequence ? known.digest : null;
}

/** `/sections/contact/email` → the row of that answer on this page. */
function anchorOf(pointer: string): string | undefined {
  const [kind, name, field] = pointer.split("/").filter(Boolean);
  if (!kind || !name) return undefined;
  return kind === "documents" ? `documents-${name}` : `sections-${name}${field ? `-${field}` : ""}`;
}

interface SectionAnswersProps {
  kase: CaseView;
  section: CaseSection;
  described: Described;
}

function SectionAnswers({ kase, section, described }: SectionAnswersProps) {
  return (
    <section class="ryoji-section" aria-labelledby={`sections-${section.id}`}>
      <h2 id={`sections-${section.id}`} tabIndex={-1}>{section.title}</h2>
      {section.status === "todo" && (
        <p><a href={`${links.section(kase.case_id, section.id)}?return=check`}>{c("check.fill", { section: section.title })}</a></p>
      )}
      {section.status !== "todo" && <SummaryList rows={rowsOf(kase, section, described.procedure, described)} />}
    </section>
  );
}

function rowsOf(kase: CaseView, section: CaseSection, procedure: Procedure, { offices }: Described): SummaryRow[] {
  const description = procedure.sections.find((each) => each.id === section.id);
  if (!description) return [];
  const facts = factsFor(Object.fromEntries(kase.sections.map(({ id, answers }) => [id, answers])), today(), procedure.age_reached);
  return fieldsOf(description, kase)
    .filter((field) => isAsked(field, facts))
    .map((field) => {
      const answer = section.answers[field.name];
      return {
        id: `sections-${section.id}-${field.name}`,
        key: field.label,
        value: field.widget === "date" && typeof answer === "string" ? formatDate(answer) : <bdi>{answerInWords(field, answer, offices)}</bdi>,
        action: { href: `${links.section(kase.case_id, section.id)}?return=check#${field.name}`, text: c("check.change"), about: field.label },
      };
    });
}
