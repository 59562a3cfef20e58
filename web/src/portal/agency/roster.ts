import type { Answer, Answers, FamilyRelation, FieldSchema, Procedure } from "../../shared/contract.ts";
import { RELATIONS } from "../cases/together.ts";

/** One line of an agency's list of travellers. */
export interface Traveller {
  /** The number of the line in what was pasted, from 1, as a spreadsheet counts: with the blank ones, and a cell's line breaks are none. */
  line: number;
  /** The passport's number: what tells the lines of a group apart. */
  key: string;
  /** Of a family: what the traveller is to the group's first one. */
  relation?: FamilyRelation;
  sections: Record<string, Answers>;
}

export type RosterFault = { code: "empty" | "no_number" } | { code: "column"; column: string } | { code: "twice"; line: number; key: string } | { code: "nameless" | "relation" | "first"; line: number };

export interface Roster {
  travellers: Traveller[];
  faults: RosterFault[];
}

/** The column that says who is a relative of the group's first traveller, where families apply. */
export const RELATION = "relation";

/** In the place of a passport's number: the template's line that shows what goes where, and is nobody's. */
export const EXAMPLE = "EXAMPLE";

export const appliesAsFamily = ({ together }: Procedure) => together.includes("family");

/** Every column that a list may have, in the form's order: `section.field`. */
export function columnsOf(procedure: Procedure): string[] {
  const answers = procedure.sections.flatMap(({ id, schema }) => Object.keys(schema.properties).map((field) => `${id}.${field}`));
  return appliesAsFamily(procedure) ? [...answers, RELATION] : answers;
}

/** A list as a spreadsheet gives it: comma, semicolon or tab; quotes as in RFC 4180. The first line names the columns. */
export function readRoster(text: string, procedure: Procedure): Roster {
  const [first, ...lines] = linesOf(text);
  if (!first || !lines.length) return { travellers: [], faults: [{ code: "empty" }] };
  const heading = first.cells;
  const relation = appliesAsFamily(procedure) ? heading.findIndex((name) => name.trim().toLowerCase() === RELATION) : -1;
  const columns = heading.map((name, index) => (index === relation ? undefined : placeOf(name, procedure)));
  const unknown = heading.filter((name, index) => name && !columns[index] && index !== relation);
  if (unknown.length) return { travellers: [], faults: unknown.map((column) => ({ code: "column", column })) };
  if (!columns.some((place) => place?.section === "travel_document" && place.field === "number")) return { travellers: [], faults: [{ code: "no_number" }] };
  const travellers = lines.map((line) => withRelation(travellerOf(line, columns), line.cells[relation]));
  const misnamed = travellers.filter((each, index) => lines[index]?.cells[relation]?.trim() && !each.relation);
  const meant = travellers.filter(({ key }) => key !== EXAMPLE);
  if (!meant.length) return { travellers: [], faults: [{ code: "empty" }] };
  return { travellers: meant, faults: [...faultsOf(meant), ...misnamed.map(({ line }): RosterFault => ({ code: "relation", line }))] };
}

function withRelation(traveller: Traveller, cell = ""): Traveller {
  const said = cell.trim().normalize("NFKC").toLowerCase();
  const relation = RELATIONS.find((each) => each === said);
  return relation ? { ...traveller, relation } : traveller;
}

/** The others are related to the first of a new group, who therefore is nobody's relative. */
export function faultOfFirst([first]: Traveller[]): RosterFault[] {
  return first?.relation ? [{ code: "first", line: first.line }] : [];
}

function faultsOf(travellers: Traveller[]): RosterFault[] {
  const seen = new Set<string>();
  return travellers.flatMap(({ line, key }): RosterFault[] => {
    if (!key) return [{ code: "nameless", line }];
    if (seen.has(key)) return [{ code: "twice", line, key }];
    seen.add(key);
    return [];
  });
}

interface Place {
  section: string;
  field: string;
  schema: FieldSchema;
}

/** `trip.arrival_date`, or a bare field's name, which means the first section that has it. */
function placeOf(column: string, procedure: Procedure): Place | undefined {
  const name = column.trim().toLowerCase();
  const [first = "", second] = name.split(".");
  for (const { id, schema } of procedure.sections) {
    const field = second ?? ALIASES[first] ?? first;
    const found = schema.properties[field];
    if (found && (second === undefined || id === first)) return { section: id, field, schema: found };
  }
  return undefined;
}

const ALIASES: Record<string, string> = { given: "given_names", birth: "birth_date", passport: "number", residence: "country_of_residence", issued: "issue_date", expires: "expiry_date", issuer: "issuing_state" };

function travellerOf({ cells, line }: Line, columns: (Place | undefined)[]): Traveller {
  const sections: Record<string, Answers> = {};
  for (const [index, place] of columns.entries()) {
    const text = cells[index]?.trim().normalize("NFKC") ?? "";
    if (place && text) sections[place.section] = { ...sections[place.section], [place.field]: answerOf(text, place.schema) };
  }
  const key = passportKey(sections["travel_document"]?.["number"]);
  return { line, key, sections };
}

/** A passport's number as numbers are told apart: without spaces, in capitals; empty while there is none. */
export function passportKey(number: Answer | undefined): string {
  return String(number ?? "").toUpperCase().replace(/\s/g, "");
}

const YES = ["yes", "true", "1", "y"];

/** A cell as the form would send it: a tick is a truth value, a date written with slashes gets its dashes. */
function answerOf(text: string, schema: FieldSchema): Answer {
  if (schema["x-ryoji"]?.widget === "checkbox") return YES.includes(text.toLowerCase());
  if (schema["x-ryoji"]?.widget !== "date") return text;
  const date = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(text);
  return date ? `${date[1]}-${date[2]?.padStart(2, "0")}-${date[3]?.padStart(2, "0")}` : text;
}

interface Line {
  line: number;
  cells: string[];
}

/** The lines that say something, counted before the blank ones are left out. */
function linesOf(text: string): Line[] {
  return cellsOf(text)
    .map((cells, index) => ({ line: index + 1, cells }))
    .filter(({ cells }) => cells.some((each) => each.trim()));
}

function cellsOf(text: string): string[][] {
  const first = text.split(/\r?\n/).find((line) => line.trim()) ?? "";
  const between = ["\t", ";", ","].find((sign) => first.includes(sign)) ?? ",";
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (quoted && sign === '"' && text[at + 1] === '"') cell += text[(at += 1)];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === between) endCell();
    else if (!quoted && sign === "\n") {
      endCell();
      rows.push([]);
    } else if (quoted || sign !== "\r") cell += sign;
  }
  endCell();
  return rows;
}
