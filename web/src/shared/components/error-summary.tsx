import { useEffect, useRef } from "preact/hooks";
import { t } from "../texts.ts";

export interface PageError {
  /** The id of the control; without one the error concerns the whole page. */
  field?: string;
  text: string;
}

/** The errors of a form, above its heading. It takes the focus each time the list is made anew. */
export function ErrorSummary({ errors, mend }: { errors: PageError[]; mend?: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length) box.current?.focus();
  }, [errors]);
  if (!errors.length) return null;
  return (
    <div class="ryoji-error-summary" ref={box} tabIndex={-1} role="alert" aria-labelledby="error-summary-title">
      <h2 class="ryoji-error-summary__title" id="error-summary-title">{t("errors.title")}</h2>
      <ul class="ryoji-error-summary__list">
        {errors.map(({ field, text }) => (
          <li key={`${field} ${text}`}>{field ? <a href={`#${field}`} onClick={(event) => jump(event, field)}>{text}</a> : text}</li>
        ))}
      </ul>
      {mend && <p class="ryoji-error-summary__mend">{mend}</p>}
    </div>
  );
}

/** Focus goes to the control and its label into view; the address stays as it is. */
function jump(event: Event, id: string): void {
  const control = document.getElementById(id);
  if (!control) return;
  event.preventDefault();
  control.closest(".ryoji-field")?.scrollIntoView({ block: "start" });
  control.focus({ preventScroll: true });
}
