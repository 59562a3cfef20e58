import type { FieldSchema, Office } from "../../shared/contract.ts";
import { csvOf } from "../../shared/csv.ts";
import type { Described } from "../cases/store.ts";
import { widgetOf } from "../forms/fields.ts";
import { choicesOf } from "../forms/schema-field.tsx";
import { EXAMPLE, columnsOf } from "./roster.ts";

/** How a day and a tick are written. */
export const DAY = "2027-01-31";
export const TICK = "yes";

/** A list to be filled in: the names of all columns, and one line that shows what goes where and is left out again. */
export function templateOf({ procedure, offices }: Described): string {
  const fields = procedure.sections.flatMap(({ id, schema }) => Object.entries(schema.properties).map(([name, field]) => exampleOf(`${id}.${name}`, field, offices)));
  const columns = columnsOf(procedure);
  // The column of relations is the last, and nobody has to fill it in.
  return csvOf([columns, columns.map((_, index) => fields[index] ?? "")]);
}

/** Something that the column takes; where any text would do, what it is asked for. */
function exampleOf(column: string, schema: FieldSchema, offices: Office[]): string {
  if (column === "travel_document.number") return EXAMPLE;
  const [first] = choicesOf({ schema }, offices);
  if (first) return first.value;
  const widget = widgetOf(schema);
  if (widget === "checkbox") return TICK;
  return widget === "date" ? DAY : (schema.title ?? column);
}
