import { useState } from "preact/hooks";
import type { DeskCase } from "../desk.ts";
import { Button, Notice } from "../parts.tsx";
import { c } from "../texts.ts";
import { ProblemOf } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";

interface ScreeningProps {
  file: DeskCase;
  held: CaseFile;
}

/** The officer who has the case asks the lists and records again, and is told that it was done. */
export function ScreenAgain({ file, held }: ScreeningProps) {
  const [done, setDone] = useState(false);
  if (!file.may.includes("screen_again")) return null;
  const screen = async () => {
    setDone(false);
    setDone(await held.act("screening"));
  };
  return (
    <>
      <div class="desk-buttons">
        <Button small busy={held.busy === "screening"} onClick={() => void screen()}>
          {c("screening.again")}
        </Button>
        <span class="desk-quiet" role="status">
          {done && c("screening.done")}
        </span>
      </div>
      <ProblemOf action="screening" held={held} />
    </>
  );
}

/** Beside the decision: why nothing can be approved yet, and where that is mended. */
export function ScreeningFirst() {
  return (
    <Notice tone="warning" title={c("screening.lacking")}>
      <p>{c("screening.not_approved")}</p>
      <p>
        <a href="#hits">{c("propose.to_hits")}</a>
      </p>
    </Notice>
  );
}
