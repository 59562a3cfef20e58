import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ErrorSummary, type PageError } from "../shared/components/index.ts";
import { t } from "../shared/texts.ts";

interface PageProps {
  title: string;
  /** A line above the heading, such as the name of the application or the step. */
  caption?: ComponentChildren;
  back?: { href: string; text?: string };
  errors?: PageError[];
  /** What can be done about the errors as a whole. */
  mend?: string;
  lead?: ComponentChildren;
  wide?: boolean;
  /** The heading stands on a coloured band with a picture: the start page only. */
  hero?: string;
  /** It stands for a page whose data are on their way: nobody has come to it. */
  passing?: boolean;
  children?: ComponentChildren;
}

/** One page: its title in the tab and as the one `h1`, which takes the focus when the page is come to. */
export function Page({ title, caption, back, errors = [], mend, lead, wide, hero, passing, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrivals > 0) heading.current?.focus();
    if (!passing) arrivals += 1;
  }, []);
  useEffect(() => {
    const prefix = errors.length ? `${t("errors.prefix")} ` : "";
    document.title = `${prefix}${title} – ${t("frame.service")}`;
  }, [title, errors]);
  return (
    <div class="ryoji-content" data-wide={wide ? "" : undefined}>
      {back && (
        <p class="ryoji-back ryoji-no-print">
          <a href={back.href}>{back.text ?? t("frame.back")}</a>
        </p>
      )}
      <ErrorSummary errors={errors} mend={mend} />
      <div class={hero && "ryoji-hero"}>
        {caption && <p class="ryoji-caption">{caption}</p>}
        <h1 class="ryoji-title" tabIndex={-1} ref={heading}>{title}</h1>
        {lead && <p class="ryoji-lead">{lead}</p>}
        {hero && <img class="ryoji-hero__picture" src={hero} alt="" />}
      </div>
      {children}
    </div>
  );
}

/** The focus on the page's heading once the page is drawn: for what changes the page so that the button pressed is gone. */
export function focusHeading(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("main h1")?.focus());
}

/** On the first page of a visit the browser itself puts the reader at the top. */
let arrivals = 0;
