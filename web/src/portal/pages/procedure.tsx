import { useState } from "preact/hooks";
import type { FeeGroup, FeeQuote, Office, Procedure as Description } from "../../shared/contract.ts";
import { LinkButton, NotificationBanner, RadioGroup, Select, SummaryList } from "../../shared/components/index.ts";
import { formatDate, formatMoney } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { officeChoices } from "../forms/office-choices.ts";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { useOffered } from "../offered.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { Page } from "../page.tsx";

export function Procedure({ procedure }: { procedure: string }) {
  const description = useLoad(async () => (await api()).get<Description>(`/procedures/${procedure}`, { anonymous: true }), [procedure]);
  return <Loaded of={description} title={t("procedure.loading")}>{(value) => <Described procedure={value} />}</Loaded>;
}

function Described({ procedure }: { procedure: Description }) {
  useOffered(procedure.languages);
  return (
    <Page title={procedure.title} lead={procedure.summary}>
      {procedure.agency_only ? <ThroughAgency /> : <Start procedure={procedure} />}
      {procedure.family === "visa" && <p class="ryoji-note">{t("procedure.visa_exempt")}</p>}
      <section class="ryoji-section" aria-labelledby="needs">
        <h2 id="needs">{t("procedure.needs")}</h2>
        <ul class="ryoji-list">
          {procedure.what_you_need.map((need) => <li key={textOf(need)}>{textOf(need)}</li>)}
        </ul>
      </section>
      <Fees procedure={procedure} />
      <section class="ryoji-section" aria-labelledby="duration">
        <h2 id="duration">{t("procedure.duration")}</h2>
        <p>{t("procedure.working_days", { days: procedure.duration_working_days })}</p>
        <ol class="ryoji-numbered">
          {procedure.stages.map(({ id, title }) => <li key={id}>{title}</li>)}
        </ol>
      </section>
      {procedure.visit.text && (
        <section class="ryoji-section" aria-labelledby="visit">
          <h2 id="visit">{t("procedure.visit")}</h2>
          <p>{procedure.visit.text}</p>
        </section>
      )}
      <section class="ryoji-section" aria-labelledby="machine">
        <h2 id="machine">{t("procedure.machine")}</h2>
        <p>{procedure.automatic ? t("procedure.machine_automatic") : t("procedure.machine_text")} <a href={links.privacy()}>{t("procedure.machine_more")}</a></p>
      </section>
      <section class="ryoji-section" aria-labelledby="law">
        <h2 id="law">{t("procedure.law")}</h2>
        <ul class="ryoji-list">
          {procedure.legal_basis.map(({ text }) => <li key={text}>{text}</li>)}
        </ul>
      </section>
    </Page>
  );
}

function Start({ procedure }: { procedure: Description }) {
  const begin = procedure.questions.length ? links.eligibility(procedure.id) : links.begin(procedure.id);
  return (
    <>
      <div class="ryoji-button-row">
        <LinkButton href={begin}>{t("procedure.start")}</LinkButton>
      </div>
      <p class="ryoji-note">{t("procedure.saved")}</p>
    </>
  );
}

/** Nobody is led to a form that only an agency may send; its staff file from their agency's page. */
function ThroughAgency() {
  return (
    <NotificationBanner title={t("procedure.agency")}>
      <p>{t("procedure.agency_text")}</p>
      <p><a href={links.account()}>{t("procedure.agency_staff")}</a></p>
    </NotificationBanner>
  );
}

function textOf(fact: string | { text: string }): string {
  return typeof fact === "string" ? fact : fact.text;
}

function ageText({ from, before }: FeeGroup): string {
  if (before === null) return t("procedure.age_oldest", { from });
  return from ? t("procedure.age_between", { from, to: before - 1 }) : t("procedure.age_youngest", { before });
}

/** An age within the group and not its first: on some clock a birthday may not have come yet. */
function someAge({ from, before }: FeeGroup): number {
  return before === null ? from + 10 : before - 1;
}

function Fees({ procedure }: { procedure: Description }) {
  const offices = useLoad(async () => (await api()).get<{ offices: Office[] }>(`/offices?procedure=${procedure.id}`, { anonymous: true }), [procedure.id]);
  const [office, setOffice] = useState("");
  const [validity, setValidity] = useState("");
  const [age, setAge] = useState("0");
  if (!procedure.fees.length) return null;
  const groups = procedure.fee_groups;
  const group = groups[Number(age)];
  const offered = group?.validity ?? [];
  const chosen = offered.find(({ value }) => value === validity) ?? offered[0];
  return (
    <section class="ryoji-section" aria-labelledby="fees">
      <h2 id="fees">{t("procedure.fees")}</h2>
      {group && (
        <>
          <RadioGroup id="age" label={t("procedure.fee_age")} plain inline value={age} onChange={setAge} choices={groups.map((each, index) => ({ value: String(index), label: ageText(each) }))} />
          {offices.state === "ready" && <Select id="office" label={t("procedure.fee_office")} plain value={office || (offices.value.offices[0]?.code ?? "")} onChange={setOffice} choices={officeChoices(offices.value.offices)} />}
          {chosen && offered.length > 1 && <RadioGroup id="validity" label={t("procedure.fee_validity")} plain inline value={chosen.value} onChange={setValidity} choices={offered} />}
        </>
      )}
      {offices.state === "ready" && (
        <Quote procedure={procedure.id} validity={chosen?.value} birthDate={group && birthDateOfAge(someAge(group))} office={office || (offices.value.offices[0]?.code ?? "")} />
      )}
      {offices.state === "failed" && <NotificationBanner kind="warning" title={t("procedure.fee_unknown")} headingLevel={3} />}
      <p class="ryoji-note">{t("procedure.fee_when")}</p>
    </section>
  );
}

interface QuoteProps {
  procedure: string;
  validity: string | undefined;
  birthDate: string | undefined;
  office: string;
}

function Quote({ procedure, validity, birthDate, office }: QuoteProps) {
  const quote = useLoad(async () => {
    const query = new URLSearchParams({ procedure, office, channel: "online" });
    if (validity) query.set("validity", validity);
    if (birthDate) query.set("birth_date", birthDate);
    return (await api()).get<FeeQuote>(`/fees?${query}`, { anonymous: true });
  }, [procedure, validity, birthDate, office]);
  if (quote.state === "failed") return <NotificationBanner kind="warning" title={t("procedure.fee_unknown")} headingLevel={3} />;
  if (quote.state === "loading") return <p class="ryoji-fee" aria-hidden="true">…</p>;
  const { items, exceptions = [], total, currency, as_of, notes = [] } = quote.value;
  const lines = [...items, ...exceptions];
  return (
    <div aria-live="polite">
      {/* One sum would be wrong for whom it does not hold. */}
      {exceptions.length === 0 && <p class="ryoji-fee"><span class="ryoji-fee__amount">{formatMoney(total, currency)}</span></p>}
      {lines.length > 1 && <SummaryList rows={lines.map(({ label, amount }) => ({ key: label, value: formatMoney(amount, currency) }))} />}
      {notes.map((note) => <p class="ryoji-note" key={note}>{note}</p>)}
      <p class="ryoji-note">{t("procedure.fee_as_of", { date: formatDate(as_of) })}</p>
    </div>
  );
}

/** Some day on which a person of this age was born. */
function birthDateOfAge(age: number): string {
  const today = new Date();
  const month = String(today.getMonth() + 1).padStart(2, "0");
  return `${today.getFullYear() - age}-${month}-01`;
}
