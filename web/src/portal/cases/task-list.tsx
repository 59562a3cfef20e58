import type { CaseView } from "../../shared/contract.ts";
import { LinkButton, Tag, type Tone } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";
import { links } from "../links.ts";
import { LoadedPart, useLoad } from "../loading.tsx";
import { firstOpen, stepsOf, type Step } from "../wizard/steps.ts";
import { describeProcedure } from "./store.ts";

const TONES: Record<Step["state"], Tone> = { todo: "neutral", done: "green", mend: "red", attention: "yellow" };

/** The draft as a list of tasks: done in any order, left at any time, gone on with on another device. */
export function TaskList({ kase }: { kase: CaseView }) {
  const described = useLoad(() => describeProcedure(kase.procedure), [kase.procedure]);
  return (
    <LoadedPart of={described}>
      {({ procedure }) => {
        const steps = stepsOf(kase, procedure);
        const next = firstOpen(steps, kase);
        const done = steps.filter((step) => step.state === "done" || step.state === "attention").length;
        return (
          <>
            <p>{c("tasks.count", { done, count: steps.length })}</p>
            <ol class="ryoji-tasks">
              {steps.map((step) => (
                <li key={step.href} class="ryoji-tasks__task">
                  <a class="ryoji-tasks__link" href={`${step.href}?return=case`} aria-describedby={`${step.kind}-${step.id}-state`}>{step.title}</a>
                  <span id={`${step.kind}-${step.id}-state`}><Tag tone={TONES[step.state]}>{c(`state.task.${step.state}`)}</Tag></span>
                </li>
              ))}
            </ol>
            <p class="ryoji-note">{c("tasks.saved")}</p>
            <div class="ryoji-button-row">
              <LinkButton href={next?.href ?? links.check(kase.case_id)}>{next ? c("tasks.go_on") : c("tasks.check")}</LinkButton>
            </div>
          </>
        );
      }}
    </LoadedPart>
  );
}
