import type { ComponentChildren } from "preact";
import { t } from "../texts.ts";

/** What every form field takes. */
export interface FieldProps {
  /** The id of the control: error summaries link to it. */
  id: string;
  label: string;
  hint?: ComponentChildren;
  error?: string;
  required?: boolean;
  /** Neither 必須 nor 任意 is shown, for forms where the question speaks for itself. */
  plain?: boolean;
  /** The label repeats the page's heading and is there only for those who hear the page. */
  labelHidden?: boolean;
  /** A word on where a value comes from, shown above the control: "read from your passport". */
  notice?: ComponentChildren;
}

/** The ids of the texts that describe a control, for `aria-describedby`. */
export function describedBy({ id, hint, error, notice }: FieldProps): string | undefined {
  const ids = [hint && `${id}-hint`, notice && `${id}-notice`, error && `${id}-error`].filter(Boolean);
  return ids.length ? ids.join(" ") : undefined;
}

function Requirement({ required, plain }: FieldProps) {
  if (plain) return null;
  return (
    <span class="ryoji-field__requirement" data-required={required ? "" : undefined}>
      {required ? t("field.required") : t("field.optional")}
    </span>
  );
}

function Descriptions({ id, hint, error, notice }: FieldProps) {
  return (
    <>
      {hint && <div class="ryoji-field__hint" id={`${id}-hint`}>{hint}</div>}
      {notice && <p class="ryoji-field__notice" id={`${id}-notice`}>{notice}</p>}
      {error && (
        <p class="ryoji-field__error" id={`${id}-error`}>
          <span class="ryoji-visually-hidden">{t("field.error")}</span> {error}
        </p>
      )}
    </>
  );
}

function labelClass({ labelHidden }: FieldProps): string {
  return labelHidden ? "ryoji-visually-hidden" : "ryoji-field__label";
}

/** Label, hint and error around one control. */
export function Field({ children, ...props }: FieldProps & { children: ComponentChildren }) {
  const label = (
    <label class={labelClass(props)} for={props.id}>
      {props.label} <Requirement {...props} />
    </label>
  );
  return (
    <div class="ryoji-field" data-error={props.error ? "" : undefined}>
      {label}
      <Descriptions {...props} />
      {children}
    </div>
  );
}

/** Legend, hint and error around several controls that answer one question. */
export function Fieldset({ children, role, ...props }: FieldProps & { children: ComponentChildren; role?: "radiogroup" }) {
  return (
    <fieldset class="ryoji-field" role={role} aria-required={role && props.required ? "true" : undefined} aria-describedby={describedBy(props)} data-error={props.error ? "" : undefined}>
      <legend class={labelClass(props)}>
        {props.label} <Requirement {...props} />
      </legend>
      <Descriptions {...props} />
      {children}
    </fieldset>
  );
}
