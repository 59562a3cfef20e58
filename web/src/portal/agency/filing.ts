import { Problem } from "../../shared/api.ts";
import type { CaseRow, CaseView, Procedure } from "../../shared/contract.ts";
import { language } from "../../shared/language.ts";
import { keep } from "../cases/store.ts";
import { api } from "../connection.ts";
import { describeFailure } from "../loading.tsx";
import { upload } from "../wizard/upload.ts";
import type { Traveller } from "./roster.ts";

/** Where a line of the list stands: its application, and what the server would not take of it. */
export interface Filed {
  traveller: Traveller;
  kase: CaseView | null;
  errors: string[];
}

export interface GroupToFile {
  agency: string;
  procedure: Procedure;
  /** The case id of the group's first application; null until it is opened. */
  group: string | null;
}

/** Which line has which application already: a reload in the middle goes on where it was. */
const storedAs = (agency: string, group: string) => `ryoji.roster.${agency}.${group}`;

function opened(agency: string, group: string | null): Record<string, string> {
  return group ? (JSON.parse(sessionStorage.getItem(storedAs(agency, group)) ?? "{}") as Record<string, string>) : {};
}

/** What a group's travellers share unless their line says otherwise. */
const SHARED = ["trip", "host", "funds", "mission"];
const AT_ONCE = 3;

/**
 * Opens an application for each line that has none, and saves its sections. One line's fault does not stop the others.
 * The first line goes alone: its application gives the group its name.
 */
export async function fileAll(to: GroupToFile, travellers: Traveller[], rows: CaseRow[], tell: (filed: Filed) => void): Promise<string | null> {
  let group = to.group;
  const rest = [...travellers];
  while (group === null && rest.length) {
    const first = rest.shift();
    if (!first) break;
    const filed = await fileOne({ ...to, group: null }, first, rows, null);
    tell(filed);
    group = filed.kase?.case_id ?? null;
    if (group) remember(to.agency, group, first, group);
  }
  if (group === null) return null;
  const joined = group;
  const model = await (await api()).get<CaseView>(`/cases/${joined}`);
  await eachAtOnce(rest, async (traveller) => {
    const filed = await fileOne({ ...to, group: joined }, traveller, rows, model);
    if (filed.kase) remember(to.agency, joined, traveller, filed.kase.case_id);
    tell(filed);
  });
  return joined;
}

function remember(agency: string, group: string, traveller: Traveller, caseId: string): void {
  sessionStorage.setItem(storedAs(agency, group), JSON.stringify({ ...opened(agency, group), [traveller.key]: caseId }));
}

async function fileOne(to: GroupToFile, traveller: Traveller, rows: CaseRow[], model: CaseView | null): Promise<Filed> {
  let kase: CaseView | null = null;
  const errors: string[] = [];
  try {
    kase = await openOrFind(to, traveller, rows);
  } catch (error) {
    return { traveller, kase, errors: textsOf(error) };
  }
  if (kase.status !== "draft") return { traveller, kase, errors };
  for (const [section, answers] of answersFor(traveller, kase, model)) {
    try {
      const sequence: number = kase.sequence;
      kase = keep(await (await api()).put<CaseView>(`/cases/${kase.case_id}/sections/${section}`, { answers, sequence }));
    } catch (error) {
      const title = kase.sections.find(({ id }) => id === section)?.title ?? section;
      errors.push(...textsOf(error).map((text) => `${title}: ${text}`));
    }
  }
  return { traveller, kase, errors };
}

async function openOrFind({ agency, procedure, group }: GroupToFile, traveller: Traveller, rows: CaseRow[]): Promise<CaseView> {
  const client = await api();
  const known = opened(agency, group)[traveller.key] ?? rows.find((row) => row.applicant === traveller.name)?.case_id;
  if (known) return keep(await client.get<CaseView>(`/cases/${known}`));
  return opening(async () => keep(await client.post<CaseView>("/cases", { procedure: procedure.id, language: language.value, organisation: agency, ...(group ? { group } : {}) })));
}

let last: Promise<unknown> = Promise.resolve();

/** One after another: two openings at once are the same request to the API's client, and would give the same application. */
function opening(open: () => Promise<CaseView>): Promise<CaseView> {
  const mine = last.then(open, open);
  last = mine.catch(() => undefined);
  return mine;
}

function answersFor(traveller: Traveller, kase: CaseView, model: CaseView | null) {
  const own = Object.entries(traveller.sections);
  const shared = SHARED.filter((section) => !(section in traveller.sections)).flatMap((section) => {
    const from = model?.sections.find(({ id, status }) => id === section && status === "done");
    return from && kase.case_id !== model?.case_id ? [[section, from.answers] as const] : [];
  });
  return [...own, ...shared];
}

export function textsOf(error: unknown): string[] {
  if (error instanceof Problem && error.errors.length) return error.errors.map(({ detail }) => detail);
  const { title, detail } = describeFailure(error);
  return [detail || title];
}

/** Sends what is complete; what is not stays as it is. */
export async function submitAll(cases: CaseView[], tell: (kase: CaseView, errors: string[]) => void): Promise<void> {
  const client = await api();
  await eachAtOnce(cases, async (kase) => {
    const path = `/cases/${kase.case_id}/submission`;
    try {
      const { digest } = await client.get<{ digest: string }>(path);
      tell(keep(await client.post<CaseView>(path, { digest }, { timeout: 60_000 })), []);
    } catch (error) {
      tell(kase, textsOf(error));
    }
  });
}

export interface PictureFor {
  file: File;
  kase: CaseView;
  document: string;
}

/** `E12345678_portrait.jpg` is the portrait of the traveller with that passport. */
export function placePictures(files: File[], cases: CaseView[]): { placed: PictureFor[]; strays: string[] } {
  const placed: PictureFor[] = [];
  const strays: string[] = [];
  for (const file of files) {
    const [, number = "", document = ""] = /^([A-Za-z0-9]+)[_-]([a-z_]+)\.\w+$/.exec(file.name) ?? [];
    const kase = cases.find(({ sections }) => sections.some(({ answers }) => answers["number"] === number.toUpperCase()));
    if (kase?.documents.some(({ id, supply }) => id === document && supply === "upload")) placed.push({ file, kase, document });
    else strays.push(file.name);
  }
  return { placed, strays };
}

export async function sendPictures(pictures: PictureFor[], tell: (kase: CaseView, errors: string[]) => void): Promise<void> {
  await eachAtOnce(pictures, async ({ file, kase, document }) => {
    try {
      tell(await upload(kase.case_id, document, file, () => undefined), []);
    } catch (error) {
      tell(kase, textsOf(error));
    }
  });
}

/** A few at a time: the service is everybody's, and a browser keeps few connections. */
export async function eachAtOnce<T>(list: T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, list.length) }, worker));
}
