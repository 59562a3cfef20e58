import { ButtonRow, LinkButton } from "../../shared/components/index.ts";
import type { CaseView } from "../../shared/contract.ts";
import { c } from "../case-texts.ts";
import { NextPanel } from "../cases/next-panel.tsx";
import { PermissionCard } from "../cases/permission-card.tsx";
import { Stages } from "../cases/stages.tsx";
import { useWatch } from "../cases/watch.ts";
import { WithCase } from "../cases/with-case.tsx";
import { links } from "../links.ts";
import { Page } from "../page.tsx";

export function Submitted({ id }: { id: string }) {
  return (
    <WithCase id={id}>{(kase) => <Received kase={kase} />}</WithCase>
  );
}

function Received({ kase }: { kase: CaseView }) {
  useWatch(kase);
  return (
    <Page title={c("submitted.title")} caption={kase.title}>
      <div class="ryoji-confirmation">
        <p class="ryoji-confirmation__label">{c("submitted.reference")}</p>
        <p class="ryoji-confirmation__reference">{kase.reference}</p>
        <p>{c("submitted.keep")}</p>
      </div>
      {kase.permission && <PermissionCard kase={kase} permission={kase.permission} />}
      <section class="ryoji-section" aria-labelledby="next">
        <h2 id="next">{c("submitted.next")}</h2>
        <NextPanel next={kase.next} />
        <Stages stages={kase.stages} />
        <p>{c("submitted.mail")}</p>
      </section>
      <ButtonRow>
        <LinkButton href={links.case(kase.case_id)}>{c("submitted.to_case")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
