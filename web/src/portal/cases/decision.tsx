import type { CaseView } from "../../shared/contract.ts";
import { NotificationBanner, SummaryList } from "../../shared/components/index.ts";
import { formatDateOf } from "../../shared/format.ts";
import { c } from "../case-texts.ts";

interface DecisionProps {
  decision: NonNullable<CaseView["decision"]>;
  timeZone: string;
}

/** A refusal comes with its ground, its reasons and the way to object (旅券法 art 14). */
export function Decision({ decision, timeZone }: DecisionProps) {
  const { outcome, at, ground, reasons } = decision;
  const date = formatDateOf(at, timeZone);
  if (outcome === "approved") return <NotificationBanner kind="success" title={c("decision.approved", { date })} />;
  return (
    <section class="ryoji-section" aria-labelledby="decision">
      <h2 id="decision">{c("decision.refused")}</h2>
      <SummaryList
        rows={[
          { key: c("decision.date"), value: date },
          { key: c("decision.ground"), value: ground ?? "" },
          { key: c("decision.reasons"), value: reasons ?? "" },
        ]}
      />
      <h3>{c("decision.object")}</h3>
      <p>{c("decision.object_review")}</p>
      <p>{c("decision.object_court")}</p>
      <p>{c("decision.object_where")}</p>
    </section>
  );
}
