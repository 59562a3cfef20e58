import type { ComponentChildren } from "preact";

export interface SummaryRow {
  /** Where an error summary's link lands. */
  id?: string;
  key: string;
  value: ComponentChildren;
  lang?: string;
  /** A link such as "change"; `about` completes it for those who hear it out of context. */
  action?: { href: string; text: string; about: string };
}

export function SummaryList({ rows }: { rows: SummaryRow[] }) {
  return (
    <dl class="ryoji-summary">
      {rows.map(({ id, key, value, lang, action }) => (
        <div class="ryoji-summary__row" id={id} tabIndex={id ? -1 : undefined} key={id ?? key}>
          <dt class="ryoji-summary__key">{key}</dt>
          <dd class="ryoji-summary__value" lang={lang}>{value}</dd>
          {action && (
            <dd class="ryoji-summary__action">
              <a href={action.href}>{action.text}<span class="ryoji-visually-hidden"> ({action.about})</span></a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
