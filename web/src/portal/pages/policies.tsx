import type { FunctionComponent } from "preact";
import { language } from "../../shared/language.ts";
import { catalogue, t } from "../../shared/texts.ts";
import type japanese from "../../../messages/policies.ja.json";
import { Page } from "../page.tsx";

type PolicyKey = keyof typeof japanese;

const texts = catalogue<PolicyKey>("policies.");

/** The view, once its texts are there. */
export async function loaded(view: FunctionComponent): Promise<FunctionComponent> {
  await texts.load(language.value);
  return view;
}

export function Privacy() {
  const parts = ["purpose", "machine", "faces", "documents", "retention", "sharing", "messages", "browser", "rights"];
  return <Articles title={t("privacy.title")} page="privacy" parts={parts} />;
}

export function Accessibility() {
  return <Articles title={t("accessibility.title")} page="accessibility" parts={["aim", "how", "known", "tests", "help"]} />;
}

/** Headed paragraphs; a line break in a text begins a new paragraph. */
function Articles({ title, page, parts }: { title: string; page: string; parts: string[] }) {
  const text = (key: string) => texts.text(`${page}.${key}` as PolicyKey);
  return (
    <Page title={title} lead={text("lead")}>
      {parts.map((part) => (
        <section class="ryoji-section" key={part} aria-labelledby={part}>
          <h2 id={part}>{text(part)}</h2>
          {text(`${part}_text`).split("\n").map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
        </section>
      ))}
    </Page>
  );
}
