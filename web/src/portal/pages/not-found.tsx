import { t } from "../../shared/texts.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";

export function NotFound() {
  return (
    <Page title={t("not_found.title")} lead={t("not_found.lead")}>
      <ul class="ryoji-list">
        <li>{t("not_found.typed")}</li>
        <li>{t("not_found.account")}</li>
      </ul>
      <p><a href={links.start()}>{t("not_found.start")}</a></p>
    </Page>
  );
}
