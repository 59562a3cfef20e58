import { useLocation } from "preact-iso";
import type { CaseView } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";
import { change } from "../cases/store.ts";
import { WithDescription } from "../cases/with-case.tsx";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { Closed } from "./section.tsx";
import { useCard } from "./use-card.ts";

/** The card's signature over the whole application; with it the application is sent. */
export function Sign({ id }: { id: string }) {
  return <WithDescription id={id}>{(kase, { procedure }) => (kase.status === "draft" ? <SignForm kase={kase} provision={procedure.false_statement} /> : <Closed kase={kase} title={c("sign.title")} />)}</WithDescription>;
}

function SignForm({ kase, provision }: { kase: CaseView; provision: string | null }) {
  const { route } = useLocation();
  const path = `/cases/${kase.case_id}/submission`;
  const card = useCard(
    "sign",
    async () => {
      const { digest } = await (await api()).get<{ digest: string }>(path);
      return { purpose: "sign", digest, title: kase.title };
    },
    async (signature) => {
      await change((client) => client.post<CaseView>(path, { signature }, { timeout: 60_000 }));
      route(links.submitted(kase.case_id), true);
    },
  );
  return (
    <Page title={c("sign.title")} lead={c("sign.lead")} back={{ href: links.check(kase.case_id) }} errors={card.form.errors} mend={card.form.mend}>
      <ul class="ryoji-list">
        <li>{c("sign.covers")}</li>
        <li>{c("sign.pin")}</li>
        <li>{c("sign.after")}</li>
      </ul>
      {provision ? (
        <NotificationBanner kind="warning" title={c("sign.true", { provision })}><p>{c("sign.true_text")}</p></NotificationBanner>
      ) : (
        <NotificationBanner kind="warning" title={c("sign.true_text")} />
      )}
      {card.waiting && <p class="ryoji-note" role="status">{c("card.waiting")}</p>}
      <ButtonRow>
        <Button busy={card.waiting} onClick={card.ask}>{c("sign.do")}</Button>
        <LinkButton variant="text" href={links.case(kase.case_id)}>{c("wizard.later")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
