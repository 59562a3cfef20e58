import type { Office, Procedure } from "../../shared/contract.ts";
import { api } from "../connection.ts";

/** The offices that take a procedure, when one of its fields asks for an office. */
export async function officesFor(procedure: Procedure): Promise<Office[]> {
  const fields = procedure.sections.flatMap((section) => Object.values(section.schema.properties));
  if (!fields.some((field) => field["x-ryoji"]?.labels === "office")) return [];
  const query = new URLSearchParams({ procedure: procedure.id });
  return (await (await api()).get<{ offices: Office[] }>(`/offices?${query}`)).offices;
}
