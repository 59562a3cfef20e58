import { formatMoment } from "../../shared/format.ts";
import { SummaryList } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { WithCase } from "./with-case.tsx";

/** Every message that was sent about the case: what it said, to which address, and when. */
export function Messages({ id }: { id: string }) {
  return (
    <WithCase id={id}>
      {(kase) => (
        <Page title={c("case.messages")} caption={[kase.title, kase.reference].filter(Boolean).join(" ")} back={{ href: links.case(id), text: c("wizard.to_case") }}>
          {kase.messages.length === 0 && <p>{c("messages.none")}</p>}
          {kase.messages.map(({ sent_at, channel, to, subject, body }, index) => (
            <article class="ryoji-message" key={`${sent_at} ${channel}`} aria-labelledby={`message-${index}`}>
              <h2 class="ryoji-message__subject" id={`message-${index}`} dir="auto">{subject}</h2>
              <SummaryList
                rows={[
                  { key: c("messages.sent"), value: formatMoment(sent_at, kase.timezone) },
                  { key: c("messages.to"), value: channel === "email" ? c("messages.email", { to }) : c("messages.portal") },
                ]}
              />
              <p class="ryoji-message__body" dir="auto">{body}</p>
            </article>
          ))}
        </Page>
      )}
    </WithCase>
  );
}
