import { render } from "preact";
import { shared, t } from "../shared/texts.ts";

await shared.load("ja");
render(<h1 class="ryoji-title">{t("frame.service")}</h1>, document.getElementById("app") ?? document.body);
