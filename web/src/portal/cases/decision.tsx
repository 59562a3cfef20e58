import type { CaseView } from "../../shared/contract.ts";
import { NotificationBanner, SummaryList } from "../../shared/components/index.ts";
import { formatDateOf } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import { v } from "../travel-texts.ts";

interface DecisionProps {
  decision: NonNullable<CaseView["decision"]>;
  timeZone: string;
  /** What the service says comes now: for a visa that the same purpose has to wait. */
  next: string;
}

/** A refusal comes with its ground, its reasons and the way to object (旅券法 art 14). */
export function Decision({ decision, timeZone, next }: DecisionProps) {
  const { outcome, at, ground, reasons, remedies } = decision;
  const date = formatDateOf(at, timeZone);
  if (outcome === "approved") return <NotificationBanner kind="success" title={c("decision.approved", { date })} />;
  if (!ground && !reasons) return <GeneralRefusal date={date} next={next} />;
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
      {remedies.length > 0 && (
        <>
          <h3>{c("decision.object")}</h3>
          {remedies.map((way) => <p key={way}>{way}</p>)}
          <p>{c("decision.object_where")}</p>
        </>
      )}
    </section>
  );
}

/** Visas and authorizations are refused by a general text, without particulars. */
function GeneralRefusal({ date, next }: { date: string; next: string }) {
  return (
    <section class="ryoji-section" aria-labelledby="decision">
      <h2 id="decision">{c("decision.refused")}</h2>
      <SummaryList rows={[{ key: c("decision.date"), value: date }]} />
      <p>{v("refusal.text")}</p>
      <p><strong>{next}</strong></p>
    </section>
  );
}
