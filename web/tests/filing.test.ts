import { beforeEach, describe, expect, it, vi } from "vitest";
import { errorsOf, withNews, type Lines } from "../src/portal/agency/lines.ts";
import type { CallOptions } from "../src/shared/api.ts";
import type { Answers, CaseRow, CaseView, Procedure } from "../src/shared/contract.ts";

interface Opening {
  body: unknown;
  key: string | undefined;
}

/** A server that opens one application a key, as Ryoji does. */
const server = {
  cases: new Map<string, CaseView>(),
  byKey: new Map<string, string>(),
  openings: [] as Opening[],
  lost: 0,
  /** Answers no question: only commands get through. */
  silent: false,
};

const client = {
  get: async (path: string) => {
    if (server.silent) throw new Error("no answer came");
    return server.cases.get(path.replace("/cases/", ""));
  },
  post: async (_path: string, body: { group?: string }, options: CallOptions = {}) => {
    server.openings.push({ body, key: options.key });
    const known = server.byKey.get(options.key ?? "");
    const id = known ?? `case-${server.cases.size + 1}`;
    if (!known) server.cases.set(id, view(id, body.group ?? null));
    server.byKey.set(options.key ?? "", id);
    await Promise.resolve();
    if (server.lost > 0) {
      server.lost -= 1;
      throw new Error("no answer came");
    }
    return server.cases.get(id);
  },
  put: async (path: string, { answers }: { answers: Answers }) => {
    const [, , id = "", , section = ""] = path.split("/");
    const held = server.cases.get(id);
    if (!held) throw new Error(path);
    const sections = [...held.sections.filter((each) => each.id !== section), { id: section, title: section, status: "done", answers }];
    const after = { ...held, sequence: held.sequence + 1, sections } as CaseView;
    server.cases.set(id, after);
    return after;
  },
};

function view(case_id: string, group: string | null): CaseView {
  return { case_id, group, status: "draft", sequence: 1, sections: [], documents: [], may: [] } as unknown as CaseView;
}

const stored = new Map<string, string>();

/** A fresh tab: its modules have seen nothing; what it kept in the session may be there or lost. */
async function newTab({ lost }: { lost: boolean }) {
  vi.resetModules();
  if (lost) stored.clear();
  vi.doMock("../src/portal/connection.ts", () => ({ api: async () => client }));
  const [{ fileAll }, { readRoster }] = await Promise.all([import("../src/portal/agency/filing.ts"), import("../src/portal/agency/roster.ts")]);
  return async (text: string, group: string | null) => {
    const rows = [...server.cases.values()].map(({ case_id, status }) => ({ case_id, status, applicant: "LI NA", group })) as unknown as CaseRow[];
    const lines: string[] = [];
    const begun: string[] = [];
    const joined = await fileAll({ agency: "sunrise", procedure, group }, readRoster(text, procedure).travellers, group ? rows : [], {
      line: ({ traveller, kase, errors }) => void lines.push(`${traveller.key} ${kase?.case_id ?? "none"} ${errors.length}`),
      begun: (name) => void begun.push(name),
    }).catch(() => null);
    return { group: joined, begun: begun[0] ?? null, lines: lines.toSorted() };
  };
}

const section = (id: string, ...fields: string[]) => ({ id, title: id, schema: { type: "object", properties: Object.fromEntries(fields.map((field) => [field, {}])) } });
const procedure = { id: "visa-tourism-china", sections: [section("traveller", "surname", "given_names"), section("travel_document", "number")] } as unknown as Procedure;
const ROSTER = "surname,given,passport\nLi,Na,EB1\nLi,Na,EB2\nLi,Na,EB3";

beforeEach(() => {
  server.cases.clear();
  server.byKey.clear();
  server.openings.length = 0;
  server.lost = 0;
  server.silent = false;
  stored.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });
});

const numberOf = (id: string) => server.cases.get(id)?.sections.find((each) => each.id === "travel_document")?.answers["number"];

describe("a group of an agency", () => {
  it("gives every line an application of its own, also where the lines say the same", async () => {
    const file = await newTab({ lost: false });
    const { group, lines } = await file(ROSTER, null);
    expect(group).toBe("case-1");
    expect(new Set(lines.map((line) => line.split(" ")[1])).size).toBe(3);
    expect(new Set(server.openings.map(({ key }) => key)).size).toBe(3);
  });

  it.each([false, true])("finds each traveller's by the passport, not by the name (tab lost: %s)", async (lost) => {
    const first = await (await newTab({ lost: false }))(ROSTER, null);
    const again = await (await newTab({ lost }))("surname,given,passport\nLi,Na,EB3\nLi,Na,EB2\nLi,Na,EB1", first.group);
    expect(server.cases.size).toBe(3);
    expect(again.lines).toEqual(first.lines);
    for (const line of again.lines) expect(numberOf(line.split(" ")[1] ?? "")).toBe(line.split(" ")[0]);
  });

  it("asks for the same application again when no answer came, and in the reloaded page", async () => {
    const { group } = await (await newTab({ lost: false }))("surname,given,passport\nLi,Na,EB1", null);
    server.lost = 1;
    const file = await newTab({ lost: false });
    const unknown = await file("surname,given,passport\nLi,Na,EB2", group);
    expect(unknown.lines).toEqual(["EB2 none 1"]);
    const after = await (await newTab({ lost: false }))("surname,given,passport\nLi,Na,EB2", group);
    expect(after.lines).toEqual(["EB2 case-2 0"]);
    expect(server.cases.size).toBe(2);
  });

  it("is told its name as soon as it has one, and goes on in it after an interruption", async () => {
    server.silent = true;
    const first = await (await newTab({ lost: false }))(ROSTER, null);
    expect(first.begun).toBe("case-1");
    server.silent = false;
    await (await newTab({ lost: false }))(ROSTER, first.begun);
    expect(server.cases.size).toBe(3);
  });

  it("is not begun twice when no answer came to its first opening", async () => {
    server.lost = 1;
    const file = await newTab({ lost: false });
    expect(await file(ROSTER, null)).toEqual({ group: null, begun: null, lines: ["EB1 none 1"] });
    const { begun } = await file(ROSTER, null);
    expect(begun).toBe("case-1");
    expect(server.cases.size).toBe(3);
  });

  it("opens another for the same passport in another group", async () => {
    const file = await newTab({ lost: false });
    const spring = await file("surname,given,passport\nLi,Na,EB1", null);
    const autumn = await file("surname,given,passport\nLi,Na,EB1", null);
    expect(spring.group).not.toBe(autumn.group);
  });
});

describe("pictures of one traveller that go at once", () => {
  const kase = (sequence: number) => ({ ...view("case-1", null), sequence });

  it("do not erase each other's errors, nor bring back how the case was", () => {
    const news = [
      { kase: kase(1), of: "documents/portrait", errors: ["Photograph: too small"] },
      { kase: kase(3), of: "documents/passport_page", errors: [] },
      { kase: kase(2), of: "documents/itinerary", errors: ["Itinerary: unreadable"] },
    ];
    const line = news.reduce<Lines>(withNews, new Map()).get("case-1");
    expect(line?.kase.sequence).toBe(3);
    expect(line && errorsOf(line)).toEqual(["Photograph: too small", "Itinerary: unreadable"]);
  });
});
