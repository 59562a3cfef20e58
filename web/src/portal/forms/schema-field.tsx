import type { Answer, Office } from "../../shared/contract.ts";
import { Checkbox, DateField, RadioGroup, Select, TextArea, TextField } from "../../shared/components/index.ts";
import { language } from "../../shared/language.ts";
import { c } from "../case-texts.ts";
import type { FieldDescription } from "./fields.ts";
import { officeChoices, type LabelledChoice } from "./office-choices.ts";

interface SchemaFieldProps {
  field: FieldDescription;
  value: Answer;
  onChange: (answer: Answer) => void;
  error?: string;
  /** True while the value is still what card or passport said, and nobody has confirmed it. */
  fresh: boolean;
  offices: Office[];
}

/** One field, drawn from its JSON Schema and `x-ryoji`. */
export function SchemaField({ field, value, onChange, error, fresh, offices }: SchemaFieldProps) {
  const { name, label, hint, required, widget, schema, prefill } = field;
  const { autocomplete, lang } = schema["x-ryoji"] ?? {};
  const text = typeof value === "string" ? value : "";
  const notice = fresh && prefill ? c(`prefill.${prefill.source}`) : undefined;
  const direction = schema["x-ryoji"]?.fold ? "ltr" : undefined;
  const common = { id: name, label, hint, required, error, notice, value: text, onChange };
  switch (widget) {
    case "checkbox":
      return <Checkbox id={name} label={label} hint={hint} error={error} checked={value === true} onChange={onChange} />;
    case "radio":
      return <RadioGroup {...common} choices={choicesOf(field, offices)} />;
    case "select":
      return <Select {...common} choices={choicesOf(field, offices)} autocomplete={autocomplete} />;
    case "date":
      return <DateField {...common} autocomplete={autocomplete} />;
    case "textarea":
      return <TextArea {...common} rows={(schema.maxLength ?? 0) > 300 ? 6 : 3} maxLength={(schema.maxLength ?? 0) > 300 ? schema.maxLength : undefined} lang={foreign(lang)} />;
    default:
      return <TextField {...common} type={widget} autocomplete={autocomplete} lang={foreign(lang)} width={widthOf(schema.maxLength)} capitals={schema["x-ryoji"]?.fold?.includes("upper")} dir={direction} />;
  }
}

function foreign(lang: string | undefined): string | undefined {
  return lang === language.value ? undefined : lang;
}

/** The size of a field hints at what is expected in it. */
function widthOf(maxLength: number | undefined): "10" | "20" | "full" {
  if (maxLength === undefined) return "full";
  if (maxLength <= 12) return "10";
  return maxLength <= 60 ? "20" : "full";
}

/** Labels come with the schema; offices, which are many, from their own list. */
export function choicesOf({ schema }: Pick<FieldDescription, "schema">, offices: Office[]): LabelledChoice[] {
  const labels = schema["x-ryoji"]?.enum_labels;
  if (schema["x-ryoji"]?.labels === "office" && offices.length) return officeChoices(offices);
  // The order is the enum's: an object's keys that look like numbers are put in an order of their own.
  const values = schema.enum ?? Object.keys(labels ?? {});
  return values.map((value) => ({ value, label: labels?.[value] ?? value }));
}

/** What was answered, in words. */
export function answerInWords(field: FieldDescription, answer: Answer | undefined, offices: Office[]): string {
  if (answer === true) return c("answer.agreed");
  if (answer === null || answer === undefined || answer === "") return c("answer.none");
  const choice = choicesOf(field, offices).find(({ value }) => value === answer);
  return choice?.label ?? String(answer);
}
