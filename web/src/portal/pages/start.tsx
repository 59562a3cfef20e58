import { LinkButton } from "../../shared/components/index.ts";
import { t } from "../../shared/texts.ts";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { LoadedPart, useLoad } from "../loading.tsx";
import { Page } from "../page.tsx";
import { session } from "../session/session.ts";

interface Listing {
  procedures: { id: string; title: string; summary: string }[];
}

export function Start() {
  const listing = useLoad(async () => (await api()).get<Listing>("/procedures", { anonymous: true }), []);
  return (
    <Page title={t("start.title")} lead={t("start.lead")} wide hero="/start.svg">
      <section class="ryoji-section" aria-labelledby="procedures">
        <h2 id="procedures">{t("start.procedures")}</h2>
        <LoadedPart of={listing}>
          {({ procedures }) => (
            <ul class="ryoji-cards">
              {procedures.map(({ id, title, summary }) => <Card key={id} href={links.procedure(id)} title={title} text={summary} />)}
            </ul>
          )}
        </LoadedPart>
      </section>
      <section class="ryoji-section" aria-labelledby="after">
        <h2 id="after">{t("start.after")}</h2>
        <ul class="ryoji-cards">
          <Card href={links.status()} title={t("status.title")} text={t("start.status_text")} />
          <Card href={session.value ? links.account() : links.signIn(links.account())} title={t("frame.my_applications")} text={t("start.account_text")} />
        </ul>
      </section>
      <section class="ryoji-section" aria-labelledby="verify">
        <h2 id="verify">{t("start.verify")}</h2>
        <ul class="ryoji-cards">
          <Card href={links.verify()} title={t("start.verify_title")} text={t("start.verify_text")} />
        </ul>
      </section>
      <section class="ryoji-section ryoji-steps-section" aria-labelledby="how">
        <h2 id="how">{t("start.how")}</h2>
        <ol class="ryoji-numbered">
          <li>{t("start.how_apply")}</li>
          <li>{t("start.how_review")}</li>
          <li>{t("start.how_pay")}</li>
          <li>{t("start.how_collect")}</li>
        </ol>
      </section>
      {!session.value && (
        <section class="ryoji-section" aria-labelledby="account">
          <h2 id="account">{t("start.account")}</h2>
          <p>{t("start.account_why")}</p>
          <div class="ryoji-button-row">
            <LinkButton href={links.signUp()}>{t("start.sign_up")}</LinkButton>
            <LinkButton href={links.signIn(links.account())} variant="secondary">{t("frame.sign_in")}</LinkButton>
          </div>
        </section>
      )}
    </Page>
  );
}

function Card({ href, title, text }: { href: string; title: string; text: string }) {
  return (
    <li class="ryoji-card">
      <h3 class="ryoji-card__title"><a class="ryoji-card__link" href={href}>{title}</a></h3>
      <p class="ryoji-card__text">{text}</p>
    </li>
  );
}
