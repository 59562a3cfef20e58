import type { ComponentChildren } from "preact";

type Kind = "information" | "success" | "warning" | "error";

interface NotificationBannerProps {
  kind?: Kind;
  title: string;
  children?: ComponentChildren;
  /** Read out at once: for what appears after an action, not for what stands on the page from the start. */
  live?: boolean;
  headingLevel?: 2 | 3;
}

export function NotificationBanner({ kind = "information", title, children, live, headingLevel = 2 }: NotificationBannerProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <section class="ryoji-banner" data-kind={kind} role={live ? (kind === "error" ? "alert" : "status") : undefined}>
      <BannerIcon kind={kind} />
      <div class="ryoji-banner__content">
        <Heading class="ryoji-banner__title">{title}</Heading>
        {children && <div class="ryoji-banner__text">{children}</div>}
      </div>
    </section>
  );
}

const SHAPES: Record<Kind, string> = {
  information: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm1 15h-2v-6h2v6Zm0-8h-2V7h2v2Z",
  success: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-2 15-5-5 1.4-1.4L10 14.2l7.6-7.6L19 8l-9 9Z",
  warning: "M1 21 12 2l11 19H1Zm12-3h-2v-2h2v2Zm0-4h-2v-4h2v4Z",
  error: "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3Zm4.7 14h-2v-2h2v2Zm0-4h-2V7h2v6Z",
};

function BannerIcon({ kind }: { kind: Kind }) {
  return (
    <svg class="ryoji-banner__icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path d={SHAPES[kind]} />
    </svg>
  );
}
