import { Problem } from "../../shared/api.ts";
import type { CaseRow, CaseView, Procedure } from "../../shared/contract.ts";
import { language } from "../../shared/language.ts";
import { tab } from "../../shared/storage.ts";
import { caseNow, keep, refresh } from "../cases/store.ts";
import { api } from "../connection.ts";
import { withLabel } from "../forms/labels.ts";
import { describeFailure } from "../loading.tsx";
import { v } from "../travel-texts.ts";
import { changeBy, rememberSaid } from "./answers.ts";
import { passportOf } from "./lines.ts";
import { passportKey, type Traveller } from "./roster.ts";

/** Where a line of the list stands: its application, and what the server would not take of it. */
export interface Filed {
  traveller: Traveller;
  kase: CaseView | null;
  errors: string[];
  /** Sections in which the application says something else than the list, and was left as it is. */
  kept: string[];
  /** No answer came to its opening: it may be there, and is asked for again by the same key. */
  unknown?: boolean;
}

export interface GroupToFile {
  agency: string;
  procedure: Procedure;
  /** The case id of the group's first application; null until it is opened. */
  group: string | null;
}

export interface Told {
  line: (filed: Filed) => void;
  /** The group has its name: whatever fails from now on, what is filed next belongs to it. */
  begun: (group: string) => void;
}

/** Which passport has which application already: a reload in the middle goes on where it was. */
const storedAs = (agency: string, group: string) => `ryoji.roster.${agency}.${group}`;

function opened(agency: string, group: string | null): Record<string, string> {
  return group ? (JSON.parse(tab.get(storedAs(agency, group)) ?? "{}") as Record<string, string>) : {};
}

const AT_ONCE = 3;

/**
 * Opens an application for each line that has none, and saves its sections. One line's fault does not stop the others.
 * The first line goes alone: its application gives the group its name.
 */
export async function fileAll(to: GroupToFile, travellers: Traveller[], rows: CaseRow[], tell: Told): Promise<string | null> {
  let group = to.group;
  let model: CaseView | null = null;
  const rest = [...travellers];
  const filed = lookedUpOnce(rows);
  while (group === null && rest.length) {
    const first = rest.shift();
    if (!first) break;
    const line = await fileOne({ ...to, group: null }, first, filed, null);
    tell.line(line);
    // Another first one beside one that may be there would be a group of its own.
    if (line.unknown) return null;
    model = line.kase;
    group = model?.case_id ?? null;
    if (group) remember(to.agency, group, first, group);
    if (group) tell.begun(group);
  }
  if (group === null) return null;
  const joined = group;
  const shown = model ?? (await refresh(joined));
  await eachAtOnce(rest, async (traveller) => {
    const line = await fileOne({ ...to, group: joined }, traveller, filed, shown);
    if (line.kase) remember(to.agency, joined, traveller, line.kase.case_id);
    tell.line(line);
  });
  return joined;
}

function remember(agency: string, group: string, traveller: Traveller, caseId: string): void {
  tab.set(storedAs(agency, group), JSON.stringify({ ...opened(agency, group), [traveller.key]: caseId }));
}

type ByPassport = () => Promise<ReadonlyMap<string, string>>;

/**
 * The group's applications by passport, for a tab that has lost what it knew; asked for when a line needs it. A name
 * would not do: two travellers may have the same.
 */
function lookedUpOnce(rows: CaseRow[]): ByPassport {
  let found: Promise<ReadonlyMap<string, string>> | undefined;
  return () => (found ??= lookUp(rows));
}

async function lookUp(rows: CaseRow[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  await eachAtOnce(rows, async ({ case_id }) => {
    const kase = caseNow(case_id) ?? (await refresh(case_id));
    const passport = passportKey(passportOf(kase));
    // One that was taken back and begun anew: the draft is meant.
    if (passport && (kase.status === "draft" || !found.has(passport))) found.set(passport, case_id);
  });
  return found;
}

async function fileOne(to: GroupToFile, traveller: Traveller, filed: ByPassport, model: CaseView | null): Promise<Filed> {
  let kase: CaseView | null = null;
  const errors: string[] = [];
  try {
    kase = await openOrFind(to, traveller, filed);
  } catch (error) {
    return { traveller, kase, errors: textsOf(error), kept: [], unknown: !(error instanceof Problem) };
  }
  if (traveller.relation && kase.relation !== traveller.relation) errors.push(v("group.relation_stays"));
  if (kase.status !== "draft") return { traveller, kase, errors, kept: [] };
  const { save, kept } = changeBy(traveller, kase, model, to.procedure);
  const refused = new Set<string>();
  for (const [section, answers] of save) {
    try {
      const sequence: number = kase.sequence;
      kase = keep(await (await api()).put<CaseView>(`/cases/${kase.case_id}/sections/${section}`, { answers, sequence }));
    } catch (error) {
      refused.add(section);
      errors.push(...textsOfSection(error, to.procedure, section));
    }
  }
  rememberSaid(kase.case_id, traveller, refused);
  return { traveller, kase, errors, kept };
}

async function openOrFind({ agency, procedure, group }: GroupToFile, traveller: Traveller, filed: ByPassport): Promise<CaseView> {
  const client = await api();
  const known = opened(agency, group)[traveller.key] ?? (await filed()).get(traveller.key);
  if (known) return keep(await client.get<CaseView>(`/cases/${known}`));
  const joins = group ? { group, ...(traveller.relation ? { relation: traveller.relation } : {}) } : {};
  const body = { procedure: procedure.id, language: language.value, organisation: agency, ...joins };
  const place = `ryoji.opening.${traveller.key}.${JSON.stringify(body)}`;
  const key = tab.get(place) ?? crypto.randomUUID();
  // Kept while it is not known what became of it: after a reload the same line asks for the same application.
  tab.set(place, key);
  const kase = keep(await client.post<CaseView>("/cases", body, { key }));
  tab.remove(place);
  return kase;
}

/** What was not taken of a section, each with the name of its field: the list has no field to stand beside. */
function textsOfSection(error: unknown, procedure: Procedure, id: string): string[] {
  const described = procedure.sections.find((section) => section.id === id);
  if (!(error instanceof Problem) || !error.errors.length) return textsOf(error).map((text) => `${described?.title ?? id}: ${text}`);
  return error.errors.map((problem) => withLabel({ ...problem, pointer: `/sections/${id}/${problem.pointer.split("/").findLast(Boolean) ?? ""}` }, procedure));
}

export function textsOf(error: unknown): string[] {
  if (error instanceof Problem && error.errors.length) return error.errors.map(({ detail }) => detail);
  const { title, detail } = describeFailure(error);
  return [detail || title];
}

/** A few at a time: the service is everybody's, and a browser keeps few connections. */
export async function eachAtOnce<T>(list: T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, list.length) }, worker));
}
