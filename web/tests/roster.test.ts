import { describe, expect, it } from "vitest";
import { columnsOf, readRoster } from "../src/portal/agency/roster.ts";
import { pathOf } from "../src/portal/wallet/code.tsx";
import type { FieldSchema, Procedure } from "../src/shared/contract.ts";

const date: FieldSchema = { "x-ryoji": { widget: "date" } };
const section = (id: string, properties: Record<string, FieldSchema>) => ({ id, title: id, schema: { type: "object" as const, properties } });
const procedure = {
  sections: [
    section("traveller", { surname: {}, given_names: {}, birth_date: date, phone: {} }),
    section("travel_document", { number: {}, expiry_date: date }),
    section("host", { phone: {} }),
    section("past_travel", { confirmed: { "x-ryoji": { widget: "checkbox" } } }),
  ],
} as unknown as Procedure;

const read = (text: string) => readRoster(text, procedure);

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

it("a code is drawn run by run, with four modules of white around it", () => {
  expect(pathOf(["1101", "0010"])).toBe("M4 4h2v1h-2zM7 4h1v1h-1zM6 5h1v1h-1z");
});
