import { useState } from "preact/hooks";
import { t } from "../texts.ts";
import { Field, describedBy, type FieldProps } from "./field.tsx";

export type FieldWidth = "2" | "4" | "6" | "10" | "20" | "full";

interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "tel" | "password" | "search";
  autocomplete?: string;
  inputMode?: "text" | "numeric" | "decimal" | "email" | "tel" | "search";
  maxLength?: number;
  /** The language of what is typed, when it is not the page's. */
  lang?: string;
  width?: FieldWidth;
  capitals?: boolean;
  /** Numbers, addresses of mail and names in Latin letters are written from left to right on every page. */
  dir?: "ltr";
  name?: string;
}

export function TextField({ value, onChange, type = "text", autocomplete, inputMode, lang, width = "full", capitals, dir, name, ...field }: TextFieldProps) {
  const [shown, setShown] = useState(false);
  const input = (
    <input
      class="ryoji-input"
      id={field.id}
      name={name ?? field.id}
      type={(type === "password" && shown ? "text" : type) as "text"}
      value={value}
      lang={lang}
      dir={dir ?? (type === "email" || type === "tel" ? "ltr" : "auto")}
      data-width={width}
      autocomplete={autocomplete as "on" | undefined}
      inputMode={inputMode}
      autocapitalize={capitals ? "characters" : type === "text" ? undefined : "none"}
      spellcheck={type === "text" ? undefined : false}
      required={field.required}
      aria-invalid={field.error ? "true" : undefined}
      aria-describedby={describedBy(field)}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
  if (type !== "password") return <Field {...field}>{input}</Field>;
  return (
    <Field {...field}>
      <div class="ryoji-password">
        {input}
        <button type="button" class="ryoji-button" data-variant="secondary" data-size="medium" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? t("field.hide_password") : t("field.show_password")}
        </button>
      </div>
    </Field>
  );
}

interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  maxLength?: number;
  lang?: string;
  dir?: "ltr";
}

/** Too long a text is counted, not cut: what was typed is never lost. */
export function TextArea({ value, onChange, rows = 5, maxLength, lang, dir, ...field }: TextAreaProps) {
  const left = maxLength === undefined ? undefined : maxLength - [...value].length;
  return (
    <Field {...field}>
      <textarea
        class="ryoji-input"
        id={field.id}
        name={field.id}
        rows={rows}
        value={value}
        lang={lang}
        dir={dir ?? "auto"}
        required={field.required}
        aria-invalid={field.error ? "true" : undefined}
        aria-describedby={[describedBy(field), left === undefined ? "" : `${field.id}-left`].filter(Boolean).join(" ") || undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {left !== undefined && (
        <p class="ryoji-field__count" id={`${field.id}-left`} data-over={left < 0 ? "" : undefined}>
          {left < 0 ? t("field.characters_over", { count: -left }) : t("field.characters_left", { count: left })}
        </p>
      )}
    </Field>
  );
}
