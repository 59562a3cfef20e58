import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { Procedure, QuestionBefore } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner, RadioGroup, type PageError } from "../../shared/components/index.ts";
import { t } from "../../shared/texts.ts";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { useOffered } from "../offered.ts";
import { Page } from "../page.tsx";
import { NotFound } from "./not-found.tsx";

/** Before anything is typed: is this the procedure for me? One question at a time, nothing is stored. */
export function Eligibility({ procedure }: { procedure: string }) {
  const description = useLoad(async () => (await api()).get<Procedure>(`/procedures/${procedure}`, { anonymous: true }), [procedure]);
  return <Loaded of={description} title={t("procedure.loading")}>{(value) => <Questions procedure={procedure} description={value} />}</Loaded>;
}

function Questions({ procedure, description }: { procedure: string; description: Procedure }) {
  useOffered(description.languages);
  const { questions } = description;
  const { query } = useLocation();
  const number = Math.min(Math.max(Number(query["question"] ?? 1) || 1, 1), questions.length);
  const question = questions[number - 1];
  if (!question) return <NotFound />;
  if (query["stopped"]) return <Stopped procedure={procedure} number={number} question={question} />;
  return <Asked key={number} procedure={procedure} number={number} count={questions.length} question={question} />;
}

interface AskedProps {
  procedure: string;
  number: number;
  count: number;
  question: QuestionBefore;
}

function Asked({ procedure, number, count, question }: AskedProps) {
  const { route } = useLocation();
  const [answer, setAnswer] = useState("");
  const [errors, setErrors] = useState<PageError[]>([]);
  const here = links.eligibility(procedure);
  const goOn = (event: Event) => {
    event.preventDefault();
    if (!answer) return setErrors([{ field: "answer", text: t("eligibility.choose") }]);
    if (answer !== question.go_on) return route(`${here}?question=${number}&stopped=1`);
    route(number < count ? `${here}?question=${number + 1}` : links.begin(procedure));
  };
  const back = number === 1 ? links.procedure(procedure) : `${here}?question=${number - 1}`;
  return (
    <Page title={question.text} caption={t("eligibility.caption", { number, count })} back={{ href: back }} errors={errors}>
      <form noValidate onSubmit={goOn}>
        <RadioGroup
          id="answer"
          label={question.text}
          labelHidden
          hint={question.hint}
          plain
          value={answer}
          onChange={setAnswer}
          error={errors[0]?.text}
          choices={[
            { value: "yes", label: t("eligibility.yes") },
            { value: "no", label: t("eligibility.no") },
          ]}
        />
        <ButtonRow>
          <Button type="submit">{t("eligibility.continue")}</Button>
        </ButtonRow>
      </form>
    </Page>
  );
}

function Stopped({ procedure, number, question }: { procedure: string; number: number; question: QuestionBefore }) {
  return (
    <Page title={t("eligibility.stopped")} back={{ href: `${links.eligibility(procedure)}?question=${number}` }}>
      <NotificationBanner title={question.stop}>
        <p>{question.instead}</p>
      </NotificationBanner>
      <ButtonRow>
        <LinkButton href={links.start()} variant="secondary">{t("not_found.start")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
