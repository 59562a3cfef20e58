import type { DeskCase } from "../desk.ts";
import { Mark, OutcomeChip, Panel } from "../parts.tsx";
import { c, textOfCode } from "../texts.ts";

const ATTRIBUTES = ["name", "birth_date", "sex", "address"] as const;

/** Who signed: what the card said of its holder, and whether the signature holds. */
export function IdentityPanel({ id, file }: { id: string; file: DeskCase }) {
  const finding = file.findings.find((each) => each.check === "identity");
  const { read, signed, attributes } = file.identity;
  return (
    <Panel id={id} title={c("identity.title")} aside={finding && <OutcomeChip outcome={finding.outcome} label={textOfCode("outcome", finding.outcome)} />}>
      <ul class="desk-checks">
        <li>
          <Mark tone={read ? "good" : "none"} /> {c(read ? "identity.read" : "identity.not_read")}
        </li>
        <li>
          <Mark tone={signed ? "good" : "bad"} /> {c(signed ? "identity.signed" : "identity.not_signed")}
        </li>
      </ul>
      {attributes && (
        <dl class="desk-facts">
          {ATTRIBUTES.map((name) => (
            <div key={name}>
              <dt>{c(`identity.${name}`)}</dt>
              <dd>{name === "sex" ? textOfCode("sex", attributes[name] ?? "—") : (attributes[name] ?? "—")}</dd>
            </div>
          ))}
        </dl>
      )}
      {finding?.reasons.map((reason) => (
        <p key={reason.code}>{reason.text}</p>
      ))}
    </Panel>
  );
}
