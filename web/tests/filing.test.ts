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
  /** What was saved: `case-1 trip`. */
  saved: [] as string[],
  lost: 0,
  /** Answers no question: only commands get through. */
  silent: false,
};

const client = {
  get: async (path: string) => {
    if (server.silent) throw new Error("no answer came");
    return server.cases.get(path.replace("/cases/", ""));
  },
  post: async (_path: string, body: { group?: string; relation?: string }, options: CallOptions = {}) => {
    server.openings.push({ body, key: options.key });
    const known = server.byKey.get(options.key ?? "");
    const id = known ?? `case-${server.cases.size + 1}`;
    if (!known) server.cases.set(id, { ...view(id, body.group ?? null), relation: body.relation ?? null } as CaseView);
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
    server.saved.push(`${id} ${section}`);
    return answered(held, section, answers);
  },
};

/** Answers are kept in capitals, as the server folds those of passports. */
function answered(held: CaseView, section: string, answers: Answers): CaseView {
  const folded = Object.fromEntries(Object.entries(answers).map(([field, answer]) => [field, typeof answer === "string" ? answer.toUpperCase() : answer]));
  const sections = [...held.sections.filter((each) => each.id !== section), { id: section, title: section, status: "done", answers: folded }];
  const after = { ...held, sequence: held.sequence + 1, sections } as CaseView;
  server.cases.set(held.case_id, after);
  return after;
}

/** Somebody changes an answer on the application's own page. */
function edit(id: string, section: string, change: Answers): void {
  const held = server.cases.get(id);
  if (held) answered(held, section, { ...answersIn(id, section), ...change });
}

function answersIn(id: string, section: string): Answers {
  return server.cases.get(id)?.sections.find((each) => each.id === section)?.answers ?? {};
}

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
    const kept: string[] = [];
    const joined = await fileAll({ agency: "sunrise", procedure, group }, readRoster(text, procedure).travellers, group ? rows : [], {
      line({ traveller, kase, errors, ...line }) {
        lines.push(`${traveller.key} ${kase?.case_id ?? "none"} ${errors.length}`);
        kept.push(...line.kept.map((section) => `${kase?.case_id} ${section}`));
      },
      begun: (name) => void begun.push(name),
    }).catch(() => null);
    return { group: joined, begun: begun[0] ?? null, lines: lines.toSorted(), kept };
  };
}

const section = (id: string, ...fields: string[]) => ({ id, title: id, schema: { type: "object", properties: Object.fromEntries(fields.map((field) => [field, {}])) } });
const host = { id: "host", title: "host", schema: { type: "object", properties: { kind: {}, name: { "x-ryoji": { when: { "===": [{ var: "answers.host.kind" }, "PERSON"] } } } } } };
const procedure = { id: "visa-tourism-china", together: ["family", "group"], sections: [section("traveller", "surname", "given_names"), section("travel_document", "number"), section("trip", "purpose", "flight"), host, section("mission", "office", "humanitarian", "humanitarian_text")] } as unknown as Procedure;
const ROSTER = "surname,given,passport\nLi,Na,EB1\nLi,Na,EB2\nLi,Na,EB3";

beforeEach(() => {
  server.cases.clear();
  server.byKey.clear();
  server.openings.length = server.saved.length = 0;
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
    expect(await file(ROSTER, null)).toEqual({ group: null, begun: null, lines: ["EB1 none 1"], kept: [] });
    const { begun } = await file(ROSTER, null);
    expect(begun).toBe("case-1");
    expect(server.cases.size).toBe(3);
  });

  it("may be a family: each line that says so joins as a relative of the first", async () => {
    const file = await newTab({ lost: false });
    const { group, lines } = await file("passport,relation\nEB1,\nEB2,spouse\nEB3,child\nEB4,", null);
    expect(lines.map((line) => line.split(" ")[2])).toEqual(["0", "0", "0", "0"]);
    const relations = new Map([...server.cases.keys()].map((id) => [numberOf(id), server.cases.get(id)?.relation]));
    expect([...relations].toSorted()).toEqual([["EB1", null], ["EB2", "spouse"], ["EB3", "child"], ["EB4", null]]);
    expect(server.openings.map(({ body }) => (body as { group?: string }).group)).toEqual([undefined, group, group, group]);
  });

  it("says so where the list makes somebody else of who is there already", async () => {
    const file = await newTab({ lost: false });
    const { group } = await file("passport,relation\nEB1,\nEB2,spouse", null);
    const again = await file("passport,relation\nEB1,\nEB2,child\nEB3,child", group);
    expect(again.lines).toEqual(["EB1 case-1 0", "EB2 case-2 1", "EB3 case-3 0"]);
  });

  it("opens another for the same passport in another group", async () => {
    const file = await newTab({ lost: false });
    const spring = await file("surname,given,passport\nLi,Na,EB1", null);
    const autumn = await file("surname,given,passport\nLi,Na,EB1", null);
    expect(spring.group).not.toBe(autumn.group);
  });
});

describe("a list that is sent again", () => {
  const LIST = "passport,trip.purpose,trip.flight\nEB1,tourism,GA1\nEB2,,";

  it("goes on and saves nothing twice, so that what was changed in an application stays", async () => {
    const { group } = await (await newTab({ lost: false }))(LIST, null);
    expect(answersIn("case-2", "trip")).toEqual({ purpose: "TOURISM", flight: "GA1" });
    edit("case-1", "trip", { flight: "GA2" });
    edit("case-2", "trip", { flight: "GA3" });
    server.saved.length = 0;
    const { kept } = await (await newTab({ lost: false }))(`${LIST}\nEB3,,`, group);
    expect(server.saved.toSorted()).toEqual(["case-3 travel_document", "case-3 trip"]);
    expect([answersIn("case-1", "trip")["flight"], answersIn("case-2", "trip")["flight"]]).toEqual(["GA2", "GA3"]);
    expect(answersIn("case-3", "trip")["flight"]).toBe("GA2");
    // Only the first line says something of the journey that the application does not.
    expect(kept).toEqual(["case-1 trip"]);
  });

  it("replaces the one answer whose cell was changed", async () => {
    const { group } = await (await newTab({ lost: false }))("passport,surname,given\nEB1,Li,Na", null);
    edit("case-1", "traveller", { given_names: "NANA", native_name: "李娜" });
    await (await newTab({ lost: false }))("passport,surname,given\nEB1,Lee,Na", group);
    expect(answersIn("case-1", "traveller")).toEqual({ surname: "LEE", given_names: "NANA", native_name: "李娜" });
  });

  it("leaves out what is asked no more because of it", async () => {
    const { group } = await (await newTab({ lost: false }))("passport,host.kind,host.name\nEB1,person,Sato", null);
    await (await newTab({ lost: false }))("passport,host.kind,host.name\nEB1,none,", group);
    expect(answersIn("case-1", "host")).toEqual({ kind: "NONE" });
  });

  it("in a tab that does not know what it said tells where an application says something else, once it knows takes a change", async () => {
    const { group } = await (await newTab({ lost: false }))("passport,surname\nEB1,Li", null);
    server.saved.length = 0;
    const same = await (await newTab({ lost: true }))("passport,surname\nEB1,li ", group);
    expect(same.kept).toEqual([]);
    const other = await (await newTab({ lost: true }))("passport,surname\nEB1,Lee", group);
    expect([other.kept, server.saved]).toEqual([["case-1 traveller"], []]);
    await (await newTab({ lost: false }))("passport,surname\nEB1,Leigh", group);
    expect(answersIn("case-1", "traveller")["surname"]).toBe("LEIGH");
  });
});

describe("what a group shares", () => {
  it("is the first one's where the line says nothing else", async () => {
    await (await newTab({ lost: false }))("passport,trip.purpose,trip.flight\nEB1,tourism,GA1\nEB2,,GA9", null);
    expect(answersIn("case-2", "trip")).toEqual({ purpose: "TOURISM", flight: "GA9" });
  });

  it("is not a humanitarian reason, which lifts the wait after a refusal", async () => {
    await (await newTab({ lost: false }))("passport,mission.office,mission.humanitarian,mission.humanitarian_text\nEB1,beijing,death,My aunt\nEB2,,,", null);
    expect(answersIn("case-1", "mission")["humanitarian"]).toBe("DEATH");
    expect(answersIn("case-2", "mission")).toEqual({ office: "BEIJING", humanitarian: "NONE", humanitarian_text: null });
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
