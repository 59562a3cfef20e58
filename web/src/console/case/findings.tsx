import type { DeskCase, Finding, Hit } from "../desk.ts";
import { Mark, OutcomeChip, Panel, TONE_OF } from "../parts.tsx";
import { useClock } from "../moments.ts";
import { differs } from "./comparison.tsx";
import { nameOfCheck } from "../names.ts";
import { c, textOfCode } from "../texts.ts";
import { humanitarianReason, openHits } from "./verdict.ts";

/** The latest finding of each check (of each document), and the ones before them. */
export function split(findings: readonly Finding[]): { latest: Finding[]; earlier: Finding[] } {
  const seen = new Set<string>();
  const latest: Finding[] = [];
  const earlier: Finding[] = [];
  for (const finding of findings) {
    const key = `${finding.check} ${finding.document ?? ""}`;
    (seen.has(key) ? earlier : latest).push(finding);
    seen.add(key);
  }
  return { latest, earlier };
}

export function FindingsPanel({ id, file }: { id: string; file: DeskCase }) {
  const { latest, earlier } = split(file.findings);
  return (
    <Panel id={id} title={c("findings.title")} aside={<span class="desk-quiet">{c("findings.never_decides")}</span>}>
      {latest.length === 0 ? <p class="desk-quiet">{c("findings.none")}</p> : <FindingTable findings={latest} label={c("findings.title")} />}
      {earlier.length > 0 && (
        <details class="desk-details">
          <summary>{c("findings.earlier", { count: earlier.length })}</summary>
          <FindingTable findings={earlier} label={c("findings.earlier_title")} />
        </details>
      )}
    </Panel>
  );
}

function FindingTable({ findings, label }: { findings: Finding[]; label: string }) {
  return (
    <div class="desk-table-frame" role="group" aria-label={label} tabIndex={0}>
      <table class="desk-table desk-findings">
        <thead>
          <tr>
            <th scope="col">{c("findings.check")}</th>
            <th scope="col">{c("findings.outcome")}</th>
            <th scope="col">{c("findings.reason")}</th>
            <th scope="col">{c("findings.measured")}</th>
            <th scope="col">{c("findings.required")}</th>
          </tr>
        </thead>
        {findings.map((finding, index) => (
          <FindingRows key={index} finding={finding} />
        ))}
      </table>
    </div>
  );
}

function FindingRows({ finding }: { finding: Finding }) {
  const { shortMoment } = useClock();
  const rows = Math.max(finding.reasons.length, 1);
  const facts = Object.entries(finding.facts);
  return (
    <tbody>
      {Array.from({ length: rows }, (_none, index) => {
        const reason = finding.reasons[index];
        return (
          <tr key={index}>
            {index === 0 && (
              <th scope="rowgroup" rowSpan={rows}>
                {nameOfCheck(finding)}
                {finding.at && <span class="desk-line desk-quiet">{shortMoment(finding.at)}</span>}
                {finding.door && <span class="desk-line desk-quiet">{textOfCode("door", finding.door)}</span>}
                {facts.length > 0 && <Facts facts={facts} />}
              </th>
            )}
            {index === 0 && (
              <td rowSpan={rows}>
                <OutcomeChip outcome={finding.outcome} label={textOfCode("outcome", finding.outcome)} />
              </td>
            )}
            {reason ? (
              <>
                <td>
                  <span class="desk-reason" data-tone={TONE_OF[reason.outcome]}>
                    <Mark tone={TONE_OF[reason.outcome]} />
                    <span>
                      <span class="ryoji-visually-hidden">{textOfCode("outcome", reason.outcome)}: </span>
                      {reason.text}
                    </span>
                  </span>
                  {reason.mend && <span class="desk-line desk-quiet">{c("findings.mend", { mend: reason.mend })}</span>}
                </td>
                <td class="desk-number">{withUnit(reason.measured, reason.unit)}</td>
                <td class="desk-number">{withUnit(reason.required, reason.unit)}</td>
              </>
            ) : (
              <td colSpan={3} class="desk-quiet">
                {c("findings.nothing_found")}
              </td>
            )}
          </tr>
        );
      })}
    </tbody>
  );
}

function withUnit(value: string | null | undefined, unit: string | null | undefined): string {
  if (!value) return "—";
  return unit ? `${value} ${textOfCode("unit", unit)}` : value;
}

/** What the check read, under the names that the check gives it: for the officer who wants to know exactly. */
function Facts({ facts }: { facts: [string, unknown][] }) {
  return (
    <details class="desk-details">
      <summary>{c("findings.facts")}</summary>
      <dl class="desk-facts desk-facts--raw">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** What needs an officer's eye, in one list at the top of the evidence. */
export function Attention({ file, partOf }: { file: DeskCase; partOf: (finding: Finding) => string }) {
  const { latest } = split(file.findings);
  const open = latest.filter((finding) => finding.outcome !== "pass");
  const said = open.flatMap((finding) => reasonsOf(finding, file.hits).map((reason) => ({ finding, reason })));
  const differing = file.comparison.filter(differs);
  const others = file.duplicates.length;
  const hits = openHits(file.hits).length;
  const humanitarian = humanitarianReason(file.sections);
  if (!humanitarian && said.length + differing.length + others + hits === 0) {
    return (
      <p class="desk-attention" data-open="no">
        <Mark tone="good" /> {c("attention.nothing", { passed: latest.length - open.length })}
      </p>
    );
  }
  return (
    <section class="desk-attention" data-open="yes" aria-labelledby="attention-title">
      <h2 class="desk-attention__title" id="attention-title">
        {c("attention.title")}
      </h2>
      <ul>
        {humanitarian && (
          <li>
            <Mark tone="warning" />
            <a href="#answers">{c("attention.humanitarian", { reason: textOfCode("humanitarian", humanitarian) })}</a>
          </li>
        )}
        {hits > 0 && (
          <li>
            <Mark tone="warning" />
            <a href="#hits">{c("attention.hits", { count: hits })}</a>
          </li>
        )}
        {said.map(({ finding, reason }) => (
          <li key={finding.check + reason.code}>
            <Mark tone={TONE_OF[reason.outcome]} />
            <a href={`#${partOf(finding)}`}>
              {nameOfCheck(finding)}: {reason.text}
            </a>
          </li>
        ))}
        {differing.map((row) => (
          <li key={row.field}>
            <Mark tone="bad" />
            <a href="#comparison">{c("attention.differs", { field: row.label })}</a>
          </li>
        ))}
        {others > 0 && (
          <li>
            <Mark tone="warning" />
            <a href="#others">{c("attention.others", { count: others })}</a>
          </li>
        )}
      </ul>
      <p class="desk-quiet">{c("attention.passed", { passed: latest.length - open.length })}</p>
    </section>
  );
}

/** What is not well in a finding. A hit is told by its own count: once a person decided it, it wants no more attention. */
export function reasonsOf(finding: Finding, hits: readonly Hit[]) {
  const open = finding.reasons.filter((reason) => reason.outcome !== "pass");
  if (finding.check === "screening" && hits.length > 0) return open.filter((reason) => !hits.some((hit) => hit.kind === reason.code));
  return open.length > 0 ? open : [{ code: finding.outcome, outcome: finding.outcome, text: textOfCode("outcome", finding.outcome) }];
}
