/** The small parts that the console's screens are made of. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Problem, Unreachable } from "../shared/api.ts";
import { Button as SharedButton } from "../shared/components/button.tsx";
import { daysBetween } from "./days.ts";
import { shortDate, useClock } from "./moments.ts";
import type { Outcome, PermissionState } from "./desk.ts";
import { c, textOfCode } from "./texts.ts";

interface ButtonProps extends Omit<JSX.IntrinsicElements["button"], "size" | "class"> {
  kind?: keyof typeof VARIANTS;
  small?: boolean;
  /** The command is under way: the button stays focusable and says so. */
  busy?: boolean;
  children: ComponentChildren;
}

const VARIANTS = { primary: "primary", secondary: "secondary", plain: "text", danger: "danger" } as const;

export function Button({ kind = "secondary", small = false, ...rest }: ButtonProps) {
  return <SharedButton variant={VARIANTS[kind]} size={small ? "small" : "medium"} {...rest} />;
}

type Tone = "info" | "good" | "warning" | "bad";

interface NoticeProps {
  tone: Tone;
  title?: string;
  children?: ComponentChildren;
  /** Read aloud when it appears. */
  live?: boolean;
}

export function Notice({ tone, title, children, live = false }: NoticeProps) {
  const role = live ? (tone === "bad" || tone === "warning" ? "alert" : "status") : undefined;
  return (
    <div class="desk-notice" data-tone={tone} role={role}>
      <Mark tone={tone} />
      <div class="desk-notice__body">
        {title && <p class="desk-notice__title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** A sign whose shape, not only whose colour, says how it stands. */
export function Mark({ tone }: { tone: Tone | "none" }) {
  return (
    <svg class="desk-mark" data-tone={tone} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES: Record<Tone | "none", JSX.Element> = {
  good: <path d="M3 8.5l3.2 3.2L13 4.8" fill="none" stroke="currentColor" stroke-width="2.2" />,
  warning: <path d="M8 1.8L15 14H1zM8 6v4M8 11.2v1.4" fill="none" stroke="currentColor" stroke-width="1.7" />,
  bad: <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2.2" />,
  info: <path d="M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM8 7v4.5M8 4.2v1.5" fill="none" stroke="currentColor" stroke-width="1.7" />,
  none: <path d="M4 8h8" fill="none" stroke="currentColor" stroke-width="2.2" />,
};

export const TONE_OF: Record<Outcome, Tone | "none"> = { pass: "good", review: "warning", fail: "bad", unavailable: "none" };

/** An outcome of a check: sign, colour and word. */
export function OutcomeChip({ outcome, label }: { outcome: Outcome; label?: string }) {
  return (
    <span class="desk-chip" data-tone={TONE_OF[outcome]}>
      <Mark tone={TONE_OF[outcome]} />
      {label && <span>{label}</span>}
      <span class={label ? "ryoji-visually-hidden" : undefined}>{textOfCode("outcome", outcome)}</span>
    </span>
  );
}

const TONE_OF_STATUS: Record<string, Tone | "none"> = {
  in_review: "info",
  collection: "info",
  issuance: "info",
  issued: "good",
  correction: "warning",
  completed: "good",
  refused: "bad",
};

export function StatusChip({ status, text }: { status: string; text?: string }) {
  return (
    <span class="desk-status" data-tone={TONE_OF_STATUS[status] ?? "none"}>
      {text ?? textOfCode("status", status)}
    </span>
  );
}

const TONE_OF_PERMISSION: Record<PermissionState, Tone | "none"> = {
  active: "good",
  revoked: "bad",
  cancelled: "bad",
  used: "none",
  expired: "none",
  replaced: "none",
};

/** How an issued visa or authorization stands. */
export function PermissionChip({ status }: { status: PermissionState }) {
  return (
    <span class="desk-status" data-tone={TONE_OF_PERMISSION[status]}>
      {c(`permission.state.${status}`)}
    </span>
  );
}

/** A due date with how far away it is; overdue is said in words. */
export function Due({ due, overdue = false }: { due: string | null; overdue?: boolean }) {
  const { today } = useClock();
  if (!due) return <span class="desk-quiet">{c("due.none")}</span>;
  const days = daysBetween(today(), due);
  const late = overdue || days < 0;
  return (
    <span class="desk-due" data-late={late ? "yes" : days <= 1 ? "soon" : "no"}>
      {late && <Mark tone="warning" />}
      <time dateTime={due}>{shortDate(due)}</time>{" "}
      <span class="desk-due__distance">{distance(days, late)}</span>
    </span>
  );
}

function distance(days: number, late: boolean): string {
  if (days < 0) return c("due.late", { days: -days });
  if (late) return c("due.overdue");
  return c("due.in", { days });
}

/** What the server would not do, in its own words, with the reference for the help desk. */
export function ProblemNotice({ error, notice }: { error: unknown; notice?: string }) {
  if (!error) return null;
  if (error instanceof Unreachable) {
    return (
      <Notice tone="bad" title={c(`unreachable.${error.reason}`)} live>
        <p>{c("unreachable.mend")}</p>
      </Notice>
    );
  }
  if (!(error instanceof Problem)) return <Notice tone="bad" title={c("problem.unexpected")} live />;
  const known = textOfCode("problem", error.code);
  const title = error.title || (known === error.code ? c("problem.unexpected") : known);
  return (
    <Notice tone="bad" title={title} live>
      {error.detail && error.detail !== title && <p>{error.detail}</p>}
      {error.errors.length > 0 && (
        <ul>
          {error.errors.map((field) => (
            <li key={field.pointer + field.code}>{field.detail || field.code}</li>
          ))}
        </ul>
      )}
      {error.mend && <p>{error.mend}</p>}
      {notice && <p>{notice}</p>}
      {error.reference && <p class="desk-quiet">{c("problem.reference", { reference: error.reference })}</p>}
    </Notice>
  );
}

export function Loading({ text }: { text?: string }) {
  return (
    <p class="desk-loading" role="status">
      <span class="desk-spinner" aria-hidden="true" />
      {text ?? c("loading")}
    </p>
  );
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  size?: "normal" | "wide" | "full";
  /** An alert dialog cannot be waved away with Escape. */
  alert?: boolean;
}

/** The browser's modal dialog: it keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, children, size = "normal", alert = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    if (!alert) onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="desk-dialog"
      data-size={size}
      role={alert ? "alertdialog" : undefined}
      aria-labelledby={heading}
      onCancel={cancel}
    >
      <div class="desk-dialog__head">
        <h2 id={heading} class="desk-dialog__title">
          {title}
        </h2>
        {!alert && (
          <Button kind="plain" small onClick={onClose}>
            {c("close")}
          </Button>
        )}
      </div>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What the confirming button says: the deed itself, never "OK". */
  deed: string;
  danger?: boolean;
  busy: boolean;
  onConfirm: () => void;
  onBack: () => void;
  children: ComponentChildren;
}

export function Confirm({ title, deed, danger = false, busy, onConfirm, onBack, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onBack}>
      <div class="desk-dialog__body">{children}</div>
      <div class="desk-dialog__foot">
        <Button kind="secondary" autofocus onClick={onBack}>
          {c("back")}
        </Button>
        <Button kind={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
          {deed}
        </Button>
      </div>
    </Dialog>
  );
}

/** One block of the case screen, reachable from its list of parts. */
export function Panel({ id, title, aside, children }: { id: string; title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="desk-panel" id={id} aria-labelledby={`${id}-title`}>
      <header class="desk-panel__head">
        <h2 class="desk-panel__title" id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
        {aside && <div class="desk-panel__aside">{aside}</div>}
      </header>
      <div class="desk-panel__body">{children}</div>
    </section>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
  /** Draws the control; `describedBy` and `invalid` belong on it. */
  children: (control: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="desk-field" data-invalid={error ? "yes" : "no"}>
      <label class="desk-field__label" for={id}>
        {label}
      </label>
      {hint && (
        <p class="desk-field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="desk-field__error" id={`${id}-error`}>
          <Mark tone="bad" />
          {error}
        </p>
      )}
      {children({ id, "aria-describedby": described, "aria-invalid": error ? true : undefined })}
    </div>
  );
}

/** Once the errors are drawn, the first of them has the focus: it may stand above what is in sight. */
export function focusFirstError(form: EventTarget | null): void {
  requestAnimationFrame(() => {
    if (!(form instanceof HTMLFormElement)) return;
    form.querySelector<HTMLElement>('[data-invalid="yes"] :is(input, textarea)')?.focus();
  });
}

interface ChoiceProps {
  legend: string;
  name: string;
  value: string;
  options: { value: string; label: string; hint?: string }[];
  error?: string;
  onChange: (value: string) => void;
}

export function Choice({ legend, name, value, options, error, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <fieldset class="desk-choice" data-invalid={error ? "yes" : "no"} aria-describedby={error ? `${id}-error` : undefined}>
      <legend class="desk-field__label">{legend}</legend>
      {error && (
        <p class="desk-field__error" id={`${id}-error`}>
          <Mark tone="bad" />
          {error}
        </p>
      )}
      {options.map((option) => (
        <label class="desk-choice__option" key={option.value}>
          <input type="radio" name={name} value={option.value} checked={value === option.value} onChange={() => onChange(option.value)} />
          <span>
            {option.label}
            {option.hint && <span class="desk-choice__hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
