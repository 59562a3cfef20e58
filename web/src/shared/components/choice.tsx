import type { ComponentChildren } from "preact";
import { t } from "../texts.ts";
import { Field, Fieldset, describedBy, type FieldProps } from "./field.tsx";

export interface Choice {
  value: string;
  label: ComponentChildren;
  hint?: string;
}

interface ChoiceProps extends FieldProps {
  /** Groups of the same name exclude each other's choices, as days of one calendar do. */
  name?: string;
  value: string;
  onChange: (value: string) => void;
  choices: Choice[];
}

/** The first radio button carries the field's id, so that an error summary's link lands on it. */
export function RadioGroup({ name, value, onChange, choices, inline, ...field }: ChoiceProps & { inline?: boolean }) {
  return (
    <Fieldset {...field} role="radiogroup">
      <div class="ryoji-choices" data-inline={inline ? "" : undefined}>
        {choices.map((choice, index) => {
          const id = index === 0 ? field.id : `${field.id}-${choice.value}`;
          return (
            <div class="ryoji-choice" key={choice.value}>
              <input class="ryoji-choice__input" type="radio" id={id} name={name ?? field.id} value={choice.value} checked={value === choice.value} aria-describedby={choice.hint ? `${id}-note` : undefined} onChange={() => onChange(choice.value)} />
              <label class="ryoji-choice__label" for={id}>{choice.label}</label>
              {choice.hint && <p class="ryoji-choice__hint" id={`${id}-note`}>{choice.hint}</p>}
            </div>
          );
        })}
      </div>
    </Fieldset>
  );
}

interface CheckboxProps {
  id: string;
  label: ComponentChildren;
  hint?: string;
  error?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Checkbox({ id, label, hint, error, checked, onChange }: CheckboxProps) {
  return (
    <div class="ryoji-field" data-error={error ? "" : undefined}>
      {error && (
        <p class="ryoji-field__error" id={`${id}-error`}>
          <span class="ryoji-visually-hidden">{t("field.error")}</span> {error}
        </p>
      )}
      <div class="ryoji-choice" data-kind="checkbox">
        <input class="ryoji-choice__input" type="checkbox" id={id} name={id} checked={checked} aria-invalid={error ? "true" : undefined} aria-describedby={describedBy({ id, label: "", hint, error })} onChange={(event) => onChange(event.currentTarget.checked)} />
        <label class="ryoji-choice__label" for={id}>{label}</label>
        {hint && <p class="ryoji-choice__hint" id={`${id}-hint`}>{hint}</p>}
      </div>
    </div>
  );
}

interface SelectProps extends Omit<ChoiceProps, "choices" | "name"> {
  choices: { value: string; label: string; group?: string }[];
  autocomplete?: string;
}

/** The first, empty option asks to choose; options with a `group` are listed under it. */
export function Select({ value, onChange, choices, autocomplete, ...field }: SelectProps) {
  const groups = [...new Set(choices.map((choice) => choice.group ?? ""))];
  const options = (group: string) =>
    choices.filter((choice) => (choice.group ?? "") === group).map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>);
  return (
    <Field {...field}>
      <span class="ryoji-select">
        <select class="ryoji-input" id={field.id} name={field.id} value={value} required={field.required} autocomplete={autocomplete as "on" | undefined} aria-invalid={field.error ? "true" : undefined} aria-describedby={describedBy(field)} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{t("field.choose")}</option>
          {groups.map((group) => (group ? <optgroup key={group} label={group}>{options(group)}</optgroup> : options(group)))}
        </select>
      </span>
    </Field>
  );
}
