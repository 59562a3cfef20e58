import { describe, expect, it } from "vitest";
import { columnsOf, faultOfFirst, readRoster } from "../src/portal/agency/roster.ts";
import { templateOf } from "../src/portal/agency/template.ts";
import { pathOf } from "../src/portal/wallet/code.tsx";
import type { FieldSchema, Office, Procedure } from "../src/shared/contract.ts";

const date: FieldSchema = { "x-ryoji": { widget: "date" } };
const section = (id: string, properties: Record<string, FieldSchema>) => ({ id, title: id, schema: { type: "object" as const, properties } });
const procedure = {
  together: ["group"],
  sections: [
    section("traveller", { surname: {}, given_names: {}, birth_date: date, phone: {} }),
    section("travel_document", { number: {}, expiry_date: date }),
    section("host", { phone: {} }),
    section("past_travel", { confirmed: { "x-ryoji": { widget: "checkbox" } } }),
  ],
} as unknown as Procedure;

const read = (text: string) => readRoster(text, procedure);
const families: Procedure = { ...procedure, together: ["family", "group"], sections: [...procedure.sections, section("representative", { relation: {} })] };

describe("an agency's list of travellers", () => {
  it("has a column for every answer, in the form's order", () => {
    expect(columnsOf(procedure).slice(0, 3)).toEqual(["traveller.surname", "traveller.given_names", "traveller.birth_date"]);
  });

  it.each([",", ";", "\t"])("is read with %j between the cells", (between) => {
    const text = [["surname", "given", "birth", "passport"], ["Wang", "Mei", "1990/1/2", "eb 0000001"]].map((row) => row.join(between)).join("\r\n");
    const { travellers, faults } = read(text);
    expect(faults).toEqual([]);
    expect(travellers).toEqual([{ line: 2, key: "EB0000001", sections: { traveller: { surname: "Wang", given_names: "Mei", birth_date: "1990-01-02" }, travel_document: { number: "eb 0000001" } } }]);
  });

  it("keeps what stands in quotes together, line breaks and quotes too", () => {
    const { travellers } = read('surname,passport,host.phone\n"Wang, ""Mei""\nLi",EB1,"+86, 10"\n\n');
    expect(travellers[0]?.sections).toEqual({ traveller: { surname: 'Wang, "Mei"\nLi' }, travel_document: { number: "EB1" }, host: { phone: "+86, 10" } });
  });

  it("takes a tick in any of its spellings, and leaves an empty cell out", () => {
    const { travellers } = read("passport,confirmed,surname\nEB1,Yes,\nEB2,no,Li");
    expect(travellers.map(({ sections }) => sections["past_travel"])).toEqual([{ confirmed: true }, { confirmed: false }]);
    expect(travellers[0]?.sections["traveller"]).toBeUndefined();
  });

  it.each([
    ["", ["empty"]],
    ["surname,passport", ["empty"]],
    ["surname,colour,passport\nWang,red,EB1", ["column"]],
    ["surname\nWang", ["no_number"]],
    ["passport,surname\nEB1,Wang\neb1,Li\n,Chen", ["twice", "nameless"]],
  ])("of %j says what is wrong", (text, codes) => {
    expect(read(text).faults.map(({ code }) => code)).toEqual(codes);
  });
});

describe("a line of a list that is wrong", () => {
  it("is named as the spreadsheet numbers it, blank lines and all", () => {
    const { travellers, faults } = read('\nsurname\tpassport\n\t\n"Wang\nLi"\tEB1\n\nLi\teb1\n');
    expect(travellers.map(({ line }) => line)).toEqual([4, 6]);
    expect(faults).toEqual([{ code: "twice", line: 6, key: "EB1" }]);
  });
});

describe("the column that says who is a relative of the first", () => {
  it("is there where families apply, and beside an answer of that name", () => {
    expect(columnsOf(families)).toEqual(expect.arrayContaining(["relation", "representative.relation"]));
    expect(columnsOf(procedure)).not.toContain("relation");
    expect(read("passport,relation\nEB1,child").faults).toEqual([{ code: "column", column: "relation" }]);
  });

  it("may be empty, and is read in any spelling of its three words", () => {
    const { travellers, faults } = readRoster("passport,Relation,representative.relation\nEB1,,\nEB2, Spouse,\nEB3,CHILD,father\nEB4,parent,", families);
    expect(faults).toEqual([]);
    expect(travellers.map(({ relation }) => relation)).toEqual([undefined, "spouse", "child", "parent"]);
    expect(travellers[2]?.sections["representative"]).toEqual({ relation: "father" });
  });

  it("takes no other word, and nothing of who begins the group", () => {
    expect(readRoster("passport,relation\nEB1,\nEB2,friend", families).faults).toEqual([{ code: "relation", line: 3 }]);
    const { travellers } = readRoster("passport,relation\nEB1,child\nEB2,child", families);
    expect(faultOfFirst(travellers)).toEqual([{ code: "first", line: 2 }]);
    expect(faultOfFirst(travellers.slice(2))).toEqual([]);
  });
});

describe("the list to be filled in", () => {
  const state: FieldSchema = { title: "Nationality", enum: ["CHN", "JPN"] };
  const asked = { ...families, sections: [section("traveller", { surname: { title: "Surname, in capitals" }, birth_date: date, nationality: state }), section("travel_document", { number: {} }), section("past_travel", { confirmed: { "x-ryoji": { widget: "checkbox" } } }), section("mission", { office: { "x-ryoji": { labels: "office" } } })] } as Procedure;
  const template = templateOf({ procedure: asked, offices: [{ code: "mission-china", name: "Embassy", country: "CN" } as Office] });

  it("names all columns, shows one line of what they take, and is told as UTF-8", () => {
    expect(template).toBe('\uFEFFtraveller.surname,traveller.birth_date,traveller.nationality,travel_document.number,past_travel.confirmed,mission.office,relation\r\n"Surname, in capitals",2027-01-31,CHN,EXAMPLE,yes,mission-china,\r\n');
  });

  it("is read again without its example, whose passport is nobody's", () => {
    expect(readRoster(template, asked).faults).toEqual([{ code: "empty" }]);
    const filled = readRoster(`${template}Li,1990-01-02,CHN,EB1,yes,mission-china,\r\n`, asked);
    expect(filled.faults).toEqual([]);
    expect(filled.travellers.map(({ line, key }) => [line, key])).toEqual([[3, "EB1"]]);
    expect(filled.travellers[0]?.sections["traveller"]).toEqual({ surname: "Li", birth_date: "1990-01-02", nationality: "CHN" });
  });
});

it("a code is drawn run by run, with four modules of white around it", () => {
  expect(pathOf(["1101", "0010"])).toBe("M4 4h2v1h-2zM7 4h1v1h-1zM6 5h1v1h-1z");
});
