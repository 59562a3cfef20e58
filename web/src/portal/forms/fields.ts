import type { Answer, Answers, CaseView, FieldSchema, SectionDescription, Widget } from "../../shared/contract.ts";
import { isBirthDate, isDate } from "../../shared/components/index.ts";
import { holds, type AnswersBySection, type Facts } from "./conditions.ts";
import { prefillOf, type Source } from "./prefill.ts";

/** One field of a section, ready to be drawn. */
export interface FieldDescription {
  name: string;
  label: string;
  hint?: string;
  required: boolean;
  widget: Widget;
  schema: FieldSchema;
  prefill: { value: string; source: Source } | null;
}

/** The fields of a section in the order in which they are asked. */
export function fieldsOf(section: SectionDescription, kase: CaseView): FieldDescription[] {
  const required = new Set(section.schema.required ?? []);
  return Object.entries(section.schema.properties).map(([name, schema]) => ({
    name,
    label: schema.title ?? name,
    hint: schema.description,
    required: required.has(name) || isAskedOnlyWhenNeeded(schema),
    widget: widgetOf(schema),
    schema,
    prefill: prefillOf(schema, kase),
  }));
}

/** A field with a condition is optional in the schema only because of it: when it is asked, it is meant. */
function isAskedOnlyWhenNeeded(schema: FieldSchema): boolean {
  return schema["x-ryoji"]?.when !== undefined;
}

export function widgetOf(schema: FieldSchema): Widget {
  const named = schema["x-ryoji"]?.widget;
  if (named) return named;
  if (schema.enum) return schema.enum.length > 6 ? "select" : "radio";
  if (schema.format === "date") return "date";
  if (schema.format === "email") return "email";
  return schema.type === "boolean" ? "checkbox" : "text";
}

export function isAsked(field: FieldDescription, facts: Facts): boolean {
  return holds(field.schema["x-ryoji"]?.when, facts);
}

/** The facts as they would be with what is typed on this page. */
export function withTyped(facts: Facts, section: string, typed: Answers): Facts {
  const answers: AnswersBySection = { ...facts.answers, [section]: typed };
  return { ...facts, answers };
}

/** What the page begins with: what was saved, else what card or passport say. */
export function firstAnswers(fields: FieldDescription[], saved: Answers): Answers {
  return Object.fromEntries(fields.map(({ name, prefill }) => [name, saved[name] ?? prefill?.value ?? null]));
}

/** What is sent: the fields that are asked, folded as the server folds them; an empty answer is left out. */
export function answersToSend(fields: FieldDescription[], typed: Answers): Answers {
  const entries = fields.map(({ name, schema }): [string, Answer] => [name, fold(typed[name] ?? null, schema)]);
  return Object.fromEntries(entries.filter(([, answer]) => answer !== null && answer !== ""));
}

/** Whether two sets of answers say the same, in whatever order. */
export function sameAnswers(one: Answers, other: Answers): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function fold(answer: Answer, schema: FieldSchema): Answer {
  if (typeof answer !== "string") return answer;
  const ways = schema["x-ryoji"]?.fold ?? [];
  let text = answer.trim();
  if (ways.includes("width")) text = text.normalize("NFKC");
  if (ways.includes("katakana")) text = text.normalize("NFKC").replace(/[ぁ-ゖ]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0x60));
  if (ways.includes("upper")) text = text.toUpperCase();
  return text;
}

export interface Fault {
  field: string;
  code: "required" | "choose" | "not_a_date" | "too_long" | "not_agreed" | "email_form";
  values: Record<string, string | number>;
}

/**
 * What can be seen to be missing without asking the server, which checks all of it again with better words: forms of
 * numbers and names are left to it.
 */
export function faultsIn(fields: FieldDescription[], typed: Answers): Fault[] {
  return fields.flatMap((field) => {
    const fault = faultOf(field, typed[field.name] ?? null);
    return fault ? [{ ...fault, field: field.name, values: { label: field.label, ...fault.values } }] : [];
  });
}

function faultOf({ required, widget, schema }: FieldDescription, answer: Answer): Omit<Fault, "field"> | null {
  if (widget === "checkbox") return required && answer !== true ? { code: "not_agreed", values: {} } : null;
  const text = typeof answer === "string" ? answer.trim() : "";
  const chosen = widget === "radio" || widget === "select";
  if (!text) return required ? { code: chosen ? "choose" : "required", values: {} } : null;
  if (widget === "date" && !(schema["x-ryoji"]?.partial ? isBirthDate : isDate)(text)) return { code: "not_a_date", values: {} };
  if (widget === "email" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text.normalize("NFKC"))) return { code: "email_form", values: {} };
  const max = schema.maxLength;
  if (max !== undefined && [...text].length > max) return { code: "too_long", values: { max } };
  return null;
}
