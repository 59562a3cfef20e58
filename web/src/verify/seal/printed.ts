import type { Content } from "./profile.ts";

export type PrintedField = "issuing_state" | "name" | "number" | "nationality" | "birth_date" | "sex" | "valid_until";

/** How a printed visa's machine-readable zone stands to a seal (statuses as in ICAO Doc 9303-13's check of visa seals). */
export interface Comparison {
  status: "MATCH" | "INVALID_VISA_MRZ" | "SEAL_VISA_MISMATCH";
  /** What is printed and whether the seal says the same. */
  fields: { field: PrintedField; printed: string; same: boolean }[];
}

const WIDTHS = [44, 36];
const NAME_START = 5;

/** Both lines, also where they stand as one run of characters in one field, as a copied text or a device that types gives them. */
export function linesOf(fields: readonly string[]): readonly string[] {
  const run = fields.map(cleaned).find(({ length }) => WIDTHS.includes(length / 2));
  return run ? [run.slice(0, run.length / 2), run.slice(run.length / 2)] : fields;
}

/** Compares the two lines of an MRV-A or MRV-B (ICAO Doc 9303-7) with a seal of ours; `state` is the seal's. */
export function comparePrinted(lines: readonly string[], content: Content, state: string): Comparison {
  const [first = "", second = ""] = lines.map(cleaned);
  if (!isZone(first, second)) return { status: "INVALID_VISA_MRZ", fields: [] };
  const name = first.slice(NAME_START);
  const printed: Record<PrintedField, [string, boolean]> = {
    issuing_state: [bare(first.slice(2, 5)), bare(first.slice(2, 5)) === state],
    name: [bare(name).replaceAll("<", " "), isSameName(name, textOf(content, "name"))],
    number: [bare(second.slice(0, 9)), isSameNumber(bare(second.slice(0, 9)), content)],
    nationality: [bare(second.slice(10, 13)), bare(second.slice(10, 13)) === textOf(content, "nationality")],
    birth_date: [second.slice(13, 19), second.slice(13, 19) === sixDigits(textOf(content, "birth_date"))],
    sex: [bare(second.slice(20, 21)) || "X", (bare(second.slice(20, 21)) || "X") === textOf(content, "sex")],
    valid_until: [second.slice(21, 27), second.slice(21, 27) === sixDigits(textOf(content, "valid_until"))],
  };
  const fields = Object.entries(printed).map(([field, [value, same]]) => ({ field: field as PrintedField, printed: value, same }));
  return { status: fields.every(({ same }) => same) ? "MATCH" : "SEAL_VISA_MISMATCH", fields };
}

/** Blanks are what readers and keyboards put between; small letters are how people type. */
const cleaned = (line: string) => line.replace(/\s/g, "").toUpperCase();

const bare = (text: string) => text.replace(/<+$/, "");

const textOf = (content: Content, name: string) => String(content[name] ?? "");

function isZone(first: string, second: string): boolean {
  if (first.length !== second.length || !WIDTHS.includes(first.length)) return false;
  if (!/^V[A-Z0-9<]+$/.test(first) || !/^[A-Z0-9<]+$/.test(second)) return false;
  return [[0, 9], [13, 19], [21, 27]].every(([from = 0, to = 0]) => checkDigit(second.slice(from, to)) === second[to]);
}

/** ICAO Doc 9303-3 §4.9: weights 7, 3, 1; letters count from 10, the filler is nothing. */
export function checkDigit(text: string): string {
  const weights = [7, 3, 1];
  const sum = [...text].reduce((total, character, place) => total + (character === "<" ? 0 : Number.parseInt(character, 36)) * (weights[place % 3] ?? 0), 0);
  return String(sum % 10);
}

/** A visa's zone has the passport's number or the visa's own (Doc 9303-7), cut after nine characters. */
function isSameNumber(printed: string, content: Content): boolean {
  return ["passport_number", "number"].some((name) => textOf(content, name).replaceAll("-", "").slice(0, 9) === printed && printed !== "");
}

function isSameName(field: string, sealed: string): boolean {
  const whole = sealed.replaceAll(" ", "<");
  if (whole.length <= field.length) return bare(field) === whole;
  // The zone had no room: what is printed must be how the seal's name begins, part by part.
  const [printed, known] = [bare(field), whole].map((name) => name.split("<<").map((identifier) => identifier.split("<")));
  return !field.endsWith("<") && (printed ?? []).every((parts, place) => parts.every((part, index) => part !== "" && (known?.[place]?.[index] ?? "").startsWith(part)));
}

function sixDigits(date: string): string {
  return date.slice(2).replaceAll("-", "").replaceAll("X", "<");
}
