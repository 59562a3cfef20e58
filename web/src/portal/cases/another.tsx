import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { Answers, CaseView } from "../../shared/contract.ts";
import { Button, ButtonRow, RadioGroup } from "../../shared/components/index.ts";
import { language } from "../../shared/language.ts";
import { api } from "../connection.ts";
import { useIntent } from "../forms/intent.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { v } from "../travel-texts.ts";
import { firstOpen, stepsOf } from "../wizard/steps.ts";
import { SHARED, sharedAnswers } from "./shared-sections.ts";
import { change, type Described } from "./store.ts";
import { RELATIONS } from "./together.ts";
import { WithDescription } from "./with-case.tsx";

/** Opens an application for a fellow traveller and saves the answers that are the same. */
export function Another({ id }: { id: string }) {
  return <WithDescription id={id}>{(kase, described) => <Adding kase={kase} described={described} />}</WithDescription>;
}

function Adding({ kase, described }: { kase: CaseView; described: Described }) {
  const { route } = useLocation();
  const form = useSubmission(() => "relation");
  const [relation, setRelation] = useState("");
  const key = useIntent(`${kase.case_id} ${relation}`);
  const shared = kase.sections.filter((section) => SHARED.includes(section.id) && section.status === "done");
  const open = () =>
    void form.submit(relation ? [] : [{ field: "relation", text: v("another.relation_error") }], async () => {
      const group = kase.group ?? kase.case_id;
      const opened = await (await api()).post<CaseView>("/cases", { procedure: kase.procedure, language: language.value, group, relation }, { key });
      const filled = await copied(opened, shared);
      route(firstOpen(stepsOf(filled, described.procedure), filled)?.href ?? links.case(filled.case_id), true);
    });
  return (
    <Page title={v("another.title")} caption={kase.title} lead={v("another.lead")} back={{ href: links.case(kase.case_id) }} errors={form.errors} mend={form.mend}>
      {shared.length > 0 && (
        <>
          <p>{v("another.copied")}</p>
          <ul class="ryoji-list">{shared.map(({ id, title }) => <li key={id}>{title}</li>)}</ul>
        </>
      )}
      <RadioGroup
        id="relation"
        name="relation"
        label={v("another.relation")}
        value={relation}
        onChange={setRelation}
        error={form.errorOf("relation")}
        choices={RELATIONS.map((value) => ({ value, label: v(`companions.${value}`) }))}
      />
      <ButtonRow>
        <Button busy={form.busy} onClick={open}>{v("another.do")}</Button>
      </ButtonRow>
    </Page>
  );
}

async function copied(opened: CaseView, shared: { id: string; answers: Answers }[]): Promise<CaseView> {
  let held = await change(async () => opened);
  for (const { id, answers } of shared) {
    const sequence = held.sequence;
    held = await change((client) => client.put<CaseView>(`/cases/${opened.case_id}/sections/${id}`, { answers: sharedAnswers(answers), sequence }));
  }
  return held;
}
