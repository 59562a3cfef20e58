import { useEffect, useRef } from "preact/hooks";
import { NotificationBanner, SummaryList, Table, Tag } from "../shared/components/index.ts";
import { formatDate, formatMoment, formatNumber } from "../shared/format.ts";
import { dated } from "./age.ts";
import { isGenuine, type Result } from "./check.ts";
import { PrintedVisa } from "./printed-visa.tsx";
import { conclusion } from "./conclusion.ts";
import { isEnd, type OnlineAnswer } from "./online.ts";
import { profileOf, type Content } from "./seal/profile.ts";
import { CHECKS, type Outcome } from "./seal/verification.ts";
import { v } from "./texts.ts";

const TONES = { pass: "green", fail: "red", not_checked: "yellow" } as const;

/** What was found, what it was found in, and what was not looked at. It takes the focus: the reader's question was this. */
export function ResultView({ result }: { result: Result }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { verdict, online, at, listIssued } = result;
  const { kind, title, text } = conclusion(result);
  const content = verdict.content as Content;
  return (
    <section class="ryoji-section ryoji-verify-result" data-status={verdict.status}>
      <h2 tabIndex={-1} ref={heading}>{v("verify.result.title")}</h2>
      <NotificationBanner kind={kind} title={title} headingLevel={3} live>{text}</NotificationBanner>
      {verdict.warnings.map((warning) => <p class="ryoji-note" key={warning}>{v(`verify.warning.${warning}`)}</p>)}
      {verdict.readable && (
        <>
          <h3>{v("verify.content.title", { kind: v(`verify.kind.${profileOf(verdict.type ?? "")?.kind as "visa"}`) })}</h3>
          {verdict.status !== "VALID" && <p>{v("verify.content.unproven")}</p>}
          <SummaryList rows={rowsOf(content, verdict.state ?? "")} />
        </>
      )}
      <h3>{v("verify.checks.title")}</h3>
      <Table
        caption={v("verify.checks.caption", { when: formatMoment(at.toISOString()) })}
        columns={[
          { id: "name", title: v("verify.checks.what"), header: true, cell: ([name]: CheckRow) => name },
          { id: "outcome", title: v("verify.checks.outcome"), cell: ([, outcome, text, since]: CheckRow) => <><Tag tone={TONES[outcome]}>{text}</Tag>{since && <div class="ryoji-note">{since}</div>}</> },
        ]}
        rows={checkRows(result)}
        rowKey={([name]) => name}
      />
      <p class="ryoji-note">{v("verify.list.used", dated(listIssued))}</p>
      {online.permission === "not_checked" && verdict.status === "VALID" && <p class="ryoji-note">{v("verify.permission.hint")}</p>}
      {isAccepted(result) && <PrintedVisa content={content} state={verdict.state ?? ""} />}
    </section>
  );
}

/** Whether anything may be held against what the seal says: not what a forger wrote, nor what the service refuses. */
function isAccepted({ verdict, online }: Result): boolean {
  return isGenuine(verdict) && (online.status ?? "VALID") === "VALID";
}

type CheckRow = [name: string, outcome: Outcome, text: string, since?: string];

function checkRows({ verdict, online }: Result): CheckRow[] {
  const checked = CHECKS.map((name): CheckRow => [v(`verify.check.${name}`), verdict.checks[name], v(`verify.outcome.${verdict.checks[name]}`)]);
  return [...checked, permissionRow(online), [v("verify.check.holder"), "not_checked", v("verify.outcome.yours")]];
}

function permissionRow({ permission, told }: OnlineAnswer): CheckRow {
  const outcome: Outcome = isEnd(permission) ? "fail" : permission === "active" ? "pass" : "not_checked";
  const since = told && v("verify.permission.told", { when: formatMoment(told.toISOString()) });
  return [v("verify.check.permission"), outcome, v(`verify.permission.${permission}`), since];
}

/** In the order in which a person compares them with a passport. */
const ROWS = ["name", "passport_number", "nationality", "birth_date", "sex", "number", "type", "valid_from", "valid_until", "stay_days", "entries", "place_of_issue", "additional"] as const;

function rowsOf(content: Content, state: string) {
  const rows = ROWS.flatMap((name) => (name === "additional" && !content[name] ? [] : [{ key: v(`verify.field.${name}`), value: <bdi>{valueOf(name, content)}</bdi> }]));
  return [...rows, { key: v("verify.field.issuing_state"), value: <bdi>{state}</bdi> }];
}

function valueOf(name: (typeof ROWS)[number], content: Content): string {
  const value = content[name];
  if (name === "stay_days") return value === undefined ? v("verify.stay.at_border") : v("verify.stay.days", { days: formatNumber(Number(value)) });
  if (name === "entries") return value === 0 ? v("verify.entries.unlimited") : formatNumber(Number(value));
  if (name === "sex") return v(`verify.sex.${value as "M"}`);
  const text = String(value);
  return name.startsWith("valid_") || (name === "birth_date" && !text.includes("X")) ? formatDate(text) : text;
}
