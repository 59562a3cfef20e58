import { useState } from "preact/hooks";
import type { DeskCase } from "../desk.ts";
import { shortDate, useClock } from "../moments.ts";
import { Button, Panel, StatusChip } from "../parts.tsx";
import { c, textOfCode } from "../texts.ts";
import { OtherCase } from "./other-case.tsx";

/** Other applications of the same person: found by the person's identity, never joined by machine. */
export function OthersPanel({ id, file }: { id: string; file: DeskCase }) {
  return (
    <Panel id={id} title={c("others.title")}>
      {file.duplicates.length === 0 ? (
        <p class="desk-quiet">{c("others.none")}</p>
      ) : (
        <div class="desk-table-frame" role="group" aria-label={c("others.title")} tabIndex={0}>
          <table class="desk-table">
            <thead>
              <tr>
                <th scope="col">{c("queue.reference")}</th>
                <th scope="col">{c("queue.status")}</th>
                <th scope="col">{c("others.opened")}</th>
              </tr>
            </thead>
            <tbody>
              {file.duplicates.map((other) => (
                <tr key={other.case_id}>
                  <th scope="row">
                    <OtherCase other={other} unnamed={c("others.draft")} />
                  </th>
                  <td>
                    <StatusChip status={other.status} text={other.status_text} />
                  </td>
                  <td>{shortDate(other.opened_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

export function HistoryPanel({ id, file }: { id: string; file: DeskCase }) {
  const { exactMoment } = useClock();
  const [whole, setWhole] = useState(false);
  return (
    <Panel
      id={id}
      title={c("history.title")}
      aside={
        <Button small kind="plain" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          {c("history.whole_hashes")}
        </Button>
      }
    >
      <div class="desk-table-frame" role="group" aria-label={c("history.title")} tabIndex={0}>
        <table class="desk-table desk-history">
          <thead>
            <tr>
              <th scope="col">{c("history.sequence")}</th>
              <th scope="col">{c("history.at")}</th>
              <th scope="col">{c("history.what")}</th>
              <th scope="col">{c("history.by")}</th>
              <th scope="col">{c("history.hash")}</th>
            </tr>
          </thead>
          <tbody>
            {file.history.map((entry) => (
              <tr key={entry.sequence}>
                <td class="desk-number">{entry.sequence}</td>
                <td>
                  <time dateTime={entry.at}>{exactMoment(entry.at)}</time>
                </td>
                <td>{entry.text}</td>
                <td>{entry.by.name ?? textOfCode("actor", entry.by.kind)}</td>
                <td class="desk-hash">{whole ? entry.hash : `${entry.hash.slice(0, 12)}…`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="desk-quiet">{c("history.chain")}</p>
    </Panel>
  );
}

export function MessagesPanel({ id, file }: { id: string; file: DeskCase }) {
  const { shortMoment } = useClock();
  return (
    <Panel id={id} title={c("messages.title")}>
      {file.messages.length === 0 && <p class="desk-quiet">{c("messages.none")}</p>}
      <ul class="desk-messages">
        {file.messages.map((message, index) => (
          <li key={index}>
            <details class="desk-details">
              <summary>
                <span class="desk-messages__subject">{message.subject}</span>{" "}
                <span class="desk-quiet">
                  {shortMoment(message.sent_at)} · {textOfCode("channel", message.channel)} · {message.to}
                </span>
              </summary>
              <p class="desk-written" lang={file.language}>
                {message.body}
              </p>
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
