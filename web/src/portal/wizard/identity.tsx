import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { CardAttributes, CaseView, Finding } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner, SummaryList } from "../../shared/components/index.ts";
import { formatDate } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { keep, type Described } from "../cases/store.ts";
import { WithDescription } from "../cases/with-case.tsx";
import { focusHeading, Page } from "../page.tsx";
import { NotFound } from "../pages/not-found.tsx";
import { FindingReport } from "./finding.tsx";
import { backward, onward, placeOf, stepsOf } from "./steps.ts";
import { useCard } from "./use-card.ts";

/** Reading the card: name, birth date, sex and address need not be typed. */
export function CardReading({ id }: { id: string }) {
  return <WithDescription id={id}>{(kase, described) => <Reading kase={kase} described={described} />}</WithDescription>;
}

interface ReadingAnswer {
  finding: Finding;
  attributes: CardAttributes | null;
  case: CaseView;
}

function Reading({ kase, described }: { kase: CaseView; described: Described }) {
  const { query, route } = useLocation();
  const [finding, setFinding] = useState<Finding | null>(null);
  const path = `/cases/${kase.case_id}/identity`;
  const { read, attributes } = kase.identity;
  const card = useCard(
    "read",
    async () => {
      const { challenge } = await (await api()).post<{ challenge: string }>(`${path}/challenge`);
      return { purpose: "read", digest: challenge, title: c("identity.title") };
    },
    async (signature) => {
      const answer = await (await api()).post<ReadingAnswer>(path, { signature });
      keep(answer.case);
      setFinding(answer.finding);
      if (!read && answer.case.identity.read) focusHeading();
    },
  );
  const place = placeOf(stepsOf(kase, described.procedure), "identity", "identity");
  if (!place) return <NotFound />;
  const next = onward(kase, place, query["return"]);
  return (
    <Page
      title={c("identity.title")}
      caption={kase.title}
      back={{ href: backward(kase, place, query["return"]) }}
      lead={c("identity.lead")}
      errors={card.form.errors}
      mend={card.form.mend}
    >
      {finding && finding.outcome !== "pass" && <FindingReport finding={finding} />}
      {read && attributes ? (
        <>
          <NotificationBanner kind="success" live title={c("identity.read")}><p>{c("identity.read_text")}</p></NotificationBanner>
          <Attributes attributes={attributes} />
          <ButtonRow>
            <Button onClick={() => route(next)}>{c("wizard.next")}</Button>
            <Button variant="secondary" busy={card.waiting} onClick={card.ask}>{c("identity.again")}</Button>
          </ButtonRow>
        </>
      ) : (
        <>
          <ul class="ryoji-list">
            <li>{c("identity.need_card")}</li>
            <li>{c("identity.need_pin")}</li>
            <li>{c("identity.what")}</li>
          </ul>
          {card.waiting && <p class="ryoji-note" role="status">{c("card.waiting")}</p>}
          <ButtonRow>
            <Button busy={card.waiting} onClick={card.ask}>{c("identity.do")}</Button>
            <LinkButton variant="text" href={next}>{c("identity.skip")}</LinkButton>
          </ButtonRow>
        </>
      )}
    </Page>
  );
}

function Attributes({ attributes }: { attributes: CardAttributes }) {
  const { name, birth_date, sex, address } = attributes;
  const sexes: Record<string, string> = { F: c("sex.female"), M: c("sex.male"), female: c("sex.female"), male: c("sex.male") };
  return (
    <SummaryList
      rows={[
        { key: c("identity.name"), value: name ?? "", lang: "ja" },
        { key: c("identity.birth_date"), value: birth_date && !birth_date.includes("X") ? formatDate(birth_date) : (birth_date ?? "") },
        { key: c("identity.sex"), value: sexes[sex ?? ""] ?? sex ?? "" },
        { key: c("identity.address"), value: address ?? "", lang: "ja" },
      ]}
    />
  );
}
