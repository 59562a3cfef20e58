import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { Button, ButtonRow, LinkButton, NotificationBanner, RadioGroup, type PageError } from "../../shared/components/index.ts";
import { t, type SharedKey } from "../../shared/texts.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { eligibilityOf, type Question } from "./eligibility-questions.ts";
import { NotFound } from "./not-found.tsx";

/** Before anything is typed: is this the procedure for me? One question at a time, nothing is stored. */
export function Eligibility({ procedure }: { procedure: string }) {
  const questions = eligibilityOf(procedure);
  const { query } = useLocation();
  if (!questions) return <NotFound />;
  const number = Math.min(Math.max(Number(query["question"] ?? 1) || 1, 1), questions.length);
  const question = questions[number - 1];
  if (!question) return <NotFound />;
  if (query["stopped"]) return <Stopped procedure={procedure} number={number} question={question} />;
  return <Asked key={number} procedure={procedure} number={number} count={questions.length} question={question} />;
}

function key(procedure: string, question: Question, part?: string): SharedKey {
  return ["eligibility", procedure, question.id, part].filter(Boolean).join(".") as SharedKey;
}

interface AskedProps {
  procedure: string;
  number: number;
  count: number;
  question: Question;
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
    <Page title={t(key(procedure, question))} caption={t("eligibility.caption", { number, count })} back={{ href: back }} errors={errors}>
      <form noValidate onSubmit={goOn}>
        <RadioGroup
          id="answer"
          label={t(key(procedure, question))}
          labelHidden
          hint={t(key(procedure, question, "hint"))}
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

function Stopped({ procedure, number, question }: { procedure: string; number: number; question: Question }) {
  return (
    <Page title={t("eligibility.stopped")} back={{ href: `${links.eligibility(procedure)}?question=${number}` }}>
      <NotificationBanner title={t(key(procedure, question, "stop"))}>
        <p>{t(key(procedure, question, "instead"))}</p>
      </NotificationBanner>
      <ButtonRow>
        <LinkButton href={links.start()} variant="secondary">{t("not_found.start")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
