import { signal, type Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../shared/api.ts";
import type { CaseView, Office, Procedure } from "../../shared/contract.ts";
import { language } from "../../shared/language.ts";
import { api } from "../connection.ts";
import { officesFor } from "../forms/needs-offices.ts";
import type { Loading } from "../loading.tsx";

/** The cases that this tab has seen, each as the server last told it. */
const cases = new Map<string, Signal<CaseView | null>>();

function slot(id: string): Signal<CaseView | null> {
  const known = cases.get(id);
  if (known) return known;
  const made = signal<CaseView | null>(null);
  cases.set(id, made);
  return made;
}

/** A case by its id: at once if this tab has it, and fetched again in any case. */
export function useCase(id: string): Loading<CaseView> {
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const retry = () => setAttempt((count) => count + 1);
  useEffect(() => {
    setError(null);
    refresh(id).catch(setError);
  }, [id, language.value, attempt]);
  const value = slot(id).value;
  if (value) return { state: "ready", value, retry };
  return error ? { state: "failed", error, retry } : { state: "loading", retry };
}

export async function refresh(id: string): Promise<CaseView> {
  return keep(await (await api()).get<CaseView>(`/cases/${id}`));
}

/** Does something with a case; what the server answers is the case from now on. */
export async function change(run: (client: Api) => Promise<CaseView>): Promise<CaseView> {
  return keep(await run(await api()));
}

/** An answer that was overtaken by a later one is not taken. */
export function keep(fresh: CaseView): CaseView {
  const held = slot(fresh.case_id);
  if (!held.value || held.value.sequence <= fresh.sequence) held.value = fresh;
  return fresh;
}

export function caseNow(id: string): CaseView | null {
  return slot(id).peek();
}

const procedures = new Map<string, Promise<Described>>();

export interface Described {
  procedure: Procedure;
  offices: Office[];
}

/** A procedure's description and the offices that it is asked about, once per language. */
export function describeProcedure(id: string): Promise<Described> {
  const key = `${language.value} ${id}`;
  const known = procedures.get(key);
  if (known) return known;
  const asked = fetchDescription(id).catch((error: unknown) => {
    procedures.delete(key);
    throw error;
  });
  procedures.set(key, asked);
  return asked;
}

async function fetchDescription(id: string): Promise<Described> {
  const procedure = await (await api()).get<Procedure>(`/procedures/${id}`);
  return { procedure, offices: await officesFor(procedure) };
}
