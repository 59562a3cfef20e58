import type { CaseView } from "../../shared/contract.ts";
import { c } from "../case-texts.ts";

/** The way that the case goes: what is done, where it is, what follows. */
export function Stages({ stages }: { stages: CaseView["stages"] }) {
  return (
    <ol class="ryoji-stages">
      {stages.map(({ id, title, state }) => (
        <li key={id} class="ryoji-stages__stage" data-state={state} aria-current={state === "now" ? "step" : undefined}>
          <span class="ryoji-stages__title">{title}</span>
          <span class="ryoji-stages__state">{c(`state.stage.${state}`)}</span>
        </li>
      ))}
    </ol>
  );
}
