import type { ComponentChildren } from "preact";
import type { NextStep } from "../../shared/contract.ts";
import { formatDate } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";

/** What is next, who has it, and by when: the first thing that anybody wants to know of a case. */
export function NextPanel({ next, children }: { next: NextStep; children?: ComponentChildren }) {
  return (
    <div class="ryoji-next" data-who={next.who}>
      <p class="ryoji-next__text">{next.text}</p>
      <dl class="ryoji-next__facts">
        <div>
          <dt>{t("next.who")}</dt>
          <dd>{t(`next.${next.who}`)}</dd>
        </div>
        {next.by && (
          <div>
            <dt>{t("next.by")}</dt>
            <dd>{formatDate(next.by)}</dd>
          </div>
        )}
      </dl>
      {children}
    </div>
  );
}
