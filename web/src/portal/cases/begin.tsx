import { useLocation } from "preact-iso";
import type { Agency, CaseRow, CaseView } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton } from "../../shared/components/index.ts";
import { formatMoment } from "../../shared/format.ts";
import { language } from "../../shared/language.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { useIntent } from "../forms/intent.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { useOffered } from "../offered.ts";
import { Page } from "../page.tsx";
import { v } from "../travel-texts.ts";
import { change, describeProcedure, type Described } from "./store.ts";
import { firstOpen, stepsOf } from "../wizard/steps.ts";

interface Known {
  described: Described;
  drafts: CaseRow[];
  /** Where only an agency may file: the caller's own. */
  agencies: Agency[];
}

/** Opens a draft; somebody who has one already is asked whether to go on with it, because doubles are a nuisance. */
export function Begin({ procedure }: { procedure: string }) {
  const known = useLoad<Known>(async () => {
    const described = await describeProcedure(procedure);
    const client = await api();
    if (described.procedure.agency_only) return { described, drafts: [], ...(await client.get<{ agencies: Agency[] }>("/agencies")) };
    const { cases } = await client.get<{ cases: CaseRow[] }>("/cases");
    return { described, drafts: ownDrafts(cases, procedure), agencies: [] };
  }, [procedure]);
  return (
    <Loaded of={known} title={t("loading.title")}>
      {({ described, drafts, agencies }) => (described.procedure.agency_only ? <ThroughAgency described={described} agencies={agencies} /> : <Opening described={described} drafts={drafts} />)}
    </Loaded>
  );
}

/** Nothing is opened here that only an agency may send: its staff are led to its page. */
function ThroughAgency({ described: { procedure }, agencies }: { described: Described; agencies: Agency[] }) {
  useOffered(procedure.languages);
  return (
    <Page title={procedure.title} lead={t("procedure.agency")} back={{ href: links.procedure(procedure.id) }}>
      <p>{t("procedure.agency_text")}</p>
      {agencies.length > 0 && (
        <ul class="ryoji-list">
          {agencies.map(({ code, name }) => <li key={code}><a href={links.agency(code)}>{v("agency.of", { name })}</a></li>)}
        </ul>
      )}
    </Page>
  );
}

/** An agency's drafts are its travellers', and stand on its own page. */
export function ownDrafts(rows: CaseRow[], procedure: string): CaseRow[] {
  return rows.filter((row) => row.procedure === procedure && row.status === "draft" && row.agency === null);
}

function Opening({ described, drafts }: Omit<Known, "agencies">) {
  const { route } = useLocation();
  const form = useSubmission();
  const { procedure } = described;
  useOffered(procedure.languages);
  const draft = drafts[0];
  const key = useIntent(procedure.id);
  const open = () =>
    void form.submit([], async () => {
      const kase = await change((client) => client.post<CaseView>("/cases", { procedure: procedure.id, language: language.value }, { key }));
      route(firstOpen(stepsOf(kase, procedure), kase)?.href ?? links.case(kase.case_id), true);
    });
  return (
    <Page title={c("begin.title", { procedure: procedure.title })} lead={c("begin.lead")} back={{ href: links.procedure(procedure.id) }} errors={form.errors} mend={form.mend}>
      {draft && (
        <section class="ryoji-section" aria-labelledby="draft">
          <h2 id="draft">{c("begin.draft")}</h2>
          <p>{c("begin.draft_text", { date: formatMoment(draft.updated_at) })}</p>
        </section>
      )}
      <ButtonRow>
        {draft && <LinkButton href={links.case(draft.case_id)}>{c("begin.go_on")}</LinkButton>}
        <Button variant={draft ? "secondary" : "primary"} busy={form.busy} onClick={open}>{draft ? c("begin.another") : c("begin.open")}</Button>
      </ButtonRow>
    </Page>
  );
}
