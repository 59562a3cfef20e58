import type { Finding, Outcome, Reason } from "../../shared/contract.ts";
import { NotificationBanner } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";

const KINDS = { pass: "success", review: "warning", fail: "error", unavailable: "information" } as const;

/** What a check found, in words: each reason, what was measured against what is required, and how to mend it. */
export function FindingReport({ finding, live }: { finding: Finding; live?: boolean }) {
  const reasons = finding.reasons.filter((reason) => reason.outcome !== "pass");
  return (
    <NotificationBanner kind={KINDS[finding.outcome]} title={titleOf(finding)} live={live}>
      {finding.outcome === "review" && <p>{c("finding.review_text")}</p>}
      {finding.outcome === "unavailable" && <p>{c("finding.unavailable_text")}</p>}
      {reasons.length > 0 && (
        <ul class="ryoji-reasons">
          {reasons.map((reason) => <ReasonItem key={reason.code} reason={reason} />)}
        </ul>
      )}
    </NotificationBanner>
  );
}

const CHECKS = ["portrait", "travel_document", "image", "identity"] as const;

function titleOf({ check, outcome }: Finding): string {
  const known = CHECKS.find((name) => name === check) ?? "image";
  return c(`finding.${known}.${outcome satisfies Outcome}`);
}

function ReasonItem({ reason }: { reason: Reason }) {
  const { text, mend, measured, required, unit } = reason;
  return (
    <li class="ryoji-reasons__item">
      <p class="ryoji-reasons__text">{text}</p>
      {(measured || required) && (
        <dl class="ryoji-measures">
          {measured && <Measure name={c("finding.measured")} value={measured} unit={unit} />}
          {required && <Measure name={c("finding.required")} value={required} unit={unit} />}
        </dl>
      )}
      {mend && <p class="ryoji-reasons__mend"><strong>{c("finding.mend")}</strong> {mend}</p>}
    </li>
  );
}

function Measure({ name, value, unit }: { name: string; value: string; unit?: string | null }) {
  return (
    <div class="ryoji-measures__pair">
      <dt>{name}</dt>
      <dd>{unit ? `${value} ${unit}` : value}</dd>
    </div>
  );
}
