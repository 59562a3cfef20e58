import type { CardAttributes, CaseView, FieldSchema, Finding } from "../../shared/contract.ts";

export type Source = "card" | "mrz";

/** What the card or the passport's machine-readable zone says for a field, if it says anything usable. */
export function prefillOf(schema: FieldSchema, kase: CaseView): { value: string; source: Source } | null {
  const { prefill_from, or_from } = schema["x-ryoji"] ?? {};
  return from(prefill_from, schema, kase) ?? from(or_from, schema, kase);
}

function from(place: string | undefined, schema: FieldSchema, kase: CaseView): { value: string; source: Source } | null {
  const [source, name = ""] = (place ?? "").split(".");
  if (source !== "card" && source !== "mrz") return null;
  const raw = source === "card" ? cardOf(schema, kase)?.[name as keyof CardAttributes] : passportFields(kase)?.[name];
  const value = raw ? shaped(raw, name, schema) : null;
  return value ? { value, source } : null;
}

/** The card that was read, for the fields of the person whose card it is. */
function cardOf(schema: FieldSchema, kase: CaseView): CardAttributes | null {
  const whose = schema["x-ryoji"]?.whose ?? "applicant";
  return (kase.identity.holder ?? "applicant") === whose ? kase.identity.attributes : null;
}

/** The fields that were read from the passport's page, when its check digits were good enough to use them. */
export function passportFields(kase: CaseView): Record<string, string | null> | null {
  const findings = kase.documents.flatMap((document) => document.findings);
  const finding = findings.findLast((each) => each.check === "travel_document" && each.outcome !== "fail");
  return finding ? fieldsIn(finding) : null;
}

function fieldsIn(finding: Finding): Record<string, string | null> | null {
  const { fields, mrz, zone } = finding.facts as Record<string, Record<string, unknown> | undefined>;
  return (fields ?? mrz?.["fields"] ?? zone?.["fields"] ?? null) as Record<string, string | null> | null;
}

const SEXES: Record<string, string> = { F: "female", M: "male", "2": "female", "1": "male", 女: "female", 男: "male" };

function shaped(raw: string, name: string, schema: FieldSchema): string | null {
  if (name === "sex") return SEXES[raw] ?? (["female", "male"].includes(raw) ? raw : null);
  if (name.endsWith("date")) return (schema["x-ryoji"]?.partial ? /^\d{4}-(\d{2}|XX)-(\d{2}|XX)$/ : /^\d{4}-\d{2}-\d{2}$/).test(raw) ? raw : null;
  const part = schema["x-ryoji"]?.part;
  return part ? partOfName(raw, part) : raw;
}

/** The card writes the name as one text; family and given name stand apart by a space, or cannot be told apart. */
function partOfName(name: string, part: "family" | "given"): string | null {
  const [family, ...given] = name.trim().split(/[\s\u3000]+/);
  if (!given.length) return null;
  return part === "family" ? (family ?? null) : given.join(" ");
}

/** A section that neither card nor passport can help with. */
export function canBePrefilled(properties: Record<string, FieldSchema>): boolean {
  return Object.values(properties).some((schema) => schema["x-ryoji"]?.prefill_from);
}
