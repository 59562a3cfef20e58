import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeQR } from "qr";
import { decodeQR } from "qr/decode.js";
import descriptions from "../messages/languages.json";
import { checkDigit, comparePrinted } from "../src/verify/seal/printed.ts";
import { NotASeal, strictJson } from "../src/verify/seal/strict-json.ts";

const CONTENT = { name: "ERIKSSON  ANNA MARIA", passport_number: "L898902C3", number: "EV26ABCD1234", nationality: "UTO", birth_date: "1974-08-12", sex: "F", valid_until: "2027-02-28" };
const MRV_A = ["V<JPNERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F2702283<<<<<<<<<<<<<<<<"];

/** Line 2 with other fields and right check digits. */
function second(change: Partial<Record<"number" | "birth" | "sex" | "until" | "nationality", string>> = {}, width = 44): string {
  const { number = "L898902C3", nationality = "UTO", birth = "740812", sex = "F", until = "270228" } = change;
  return `${number.padEnd(9, "<")}${checkDigit(number.padEnd(9, "<"))}${nationality}${birth}${checkDigit(birth)}${sex}${until}${checkDigit(until)}`.padEnd(width, "<");
}

const first = (name: string, width = 44) => `V<JPN${name}`.padEnd(width, "<");
const differing = (lines: string[], content = CONTENT) => comparePrinted(lines, content, "JPN").fields.flatMap(({ field, same }) => (same ? [] : [field]));

describe("a printed visa beside its seal", () => {
  it("is the same, as long or short as it is printed, and however it is typed", () => {
    expect(comparePrinted(MRV_A, CONTENT, "JPN").status).toBe("MATCH");
    expect(comparePrinted([first("ERIKSSON<<ANNA<MARIA", 36), second({}, 36)], CONTENT, "JPN").status).toBe("MATCH");
    expect(comparePrinted(MRV_A.map((line) => ` ${line.toLowerCase().replace("<<", "< <")}`), CONTENT, "JPN").status).toBe("MATCH");
  });

  it("may have the visa's own number, cut after nine characters, where the passport's could stand", () => {
    expect(differing([MRV_A[0] ?? "", second({ number: "EV26ABCD1" })])).toEqual([]);
    expect(differing([MRV_A[0] ?? "", second({ number: "EV26ABCD" })])).toEqual(["number"]);
  });

  it.each([
    ["name", first("ERIKSSEN<<ANNA<MARIA"), second()],
    ["name", first("ERIKSSON<<ANNA"), second()],
    ["number", MRV_A[0], second({ number: "L898902C4" })],
    ["nationality", MRV_A[0], second({ nationality: "USA" })],
    ["birth_date", MRV_A[0], second({ birth: "740813" })],
    ["sex", MRV_A[0], second({ sex: "M" })],
    ["valid_until", MRV_A[0], second({ until: "280228" })],
    ["issuing_state", MRV_A[0]?.replace("JPN", "UTO"), second()],
  ])("differs in its %s", (field, one = "", other) => {
    expect(differing([one, other])).toEqual([field]);
    expect(comparePrinted([one, other], CONTENT, "JPN").status).toBe("SEAL_VISA_MISMATCH");
  });

  it("matches unknown parts of a birth date and an unspecified sex as the zone writes them", () => {
    const content = { ...CONTENT, birth_date: "1974-XX-XX", sex: "X" };
    expect(differing([MRV_A[0] ?? "", second({ birth: "74<<<<", sex: "<" })], content)).toEqual([]);
  });

  it("matches a name that the short zone had no room for, and no other", () => {
    const content = { ...CONTENT, name: "NILAVADHANANANDA  CHAYAPA DEJTHAMRONG K" };
    expect(differing([first("NILAVADHANANANDA<<CHAYAPA<DEJTH", 36), second({}, 36)], content)).toEqual([]);
    expect(differing([first("NILAVADHANANANDA<<CHAYAPA<DEKTH", 36), second({}, 36)], content)).toEqual(["name"]);
    expect(differing([first("NILAVADHANANANDA<<CHAYAPA", 36), second({}, 36)], content)).toEqual(["name"]);
  });

  it.each([
    ["a wrong check digit", [MRV_A[0], MRV_A[1]?.replace("C36", "C37")]],
    ["a passport's lines", [MRV_A[0]?.replace("V", "P"), MRV_A[1]]],
    ["lines of two lengths", [MRV_A[0], second({}, 36)]],
    ["one line", [MRV_A[0]]],
    ["nothing", []],
  ])("is not read from %s", (_name, lines) => {
    expect(comparePrinted(lines as string[], CONTENT, "JPN")).toEqual({ status: "INVALID_VISA_MRZ", fields: [] });
  });
});

interface PrintedCase {
  name: string;
  lines: string[];
  content?: Record<string, string>;
  without?: string[];
  status: string;
  differs: string[];
}

describe("a printed visa beside its seal, as the service answers", () => {
  const vectors = JSON.parse(readFileSync(join(import.meta.dirname, "../../tests/data/seals/printed.json"), "utf8"));
  it.each((vectors.cases as PrintedCase[]).map((each) => [each.name, each] as const))("%s", (_name, { lines, content, without = [], status, differs }) => {
    const sealed: Record<string, string> = { ...vectors.content, ...content };
    for (const member of without) delete sealed[member];
    const found = comparePrinted(lines, sealed, vectors.state);
    expect(found.status).toBe(status);
    // The page says of what the seal does not say that it is not the same.
    expect(found.fields.flatMap(({ field, same }) => (same ? [] : [field])).sort()).toEqual([...differs, ...without].sort());
  });
});

describe("strict JSON", () => {
  it("reads what a serialiser writes", () => {
    const text = '{"b":[1,-2,true,false,null,"a\\"\\n\\u0001é"],"a":{},"__proto__":{"x":[]}}';
    expect(JSON.stringify(strictJson(text, 100))).toBe(text);
  });

  it.each(['{"a":1,"a":1}', '{"a":1} ', '{"a": 1}', '{"a":1.0}', '{"a":"\\u0041"}', '{"a":"\\ud800"}', '{"a":01}', '{"a":-0}', '{"a":1,}', '{"a"}', '{"a":"\n"}', "[]", "{", '{"a":tru}'])("refuses %s", (text) => {
    expect(() => strictJson(text, 100)).toThrow(NotASeal);
  });
});

it("a seal's code is read back byte for byte at every size that is issued", () => {
  for (const length of [600, 925, 1300, 1700]) {
    const text = `{"data":"${"Zürich 東京 ".repeat(3)}${"aB3-_".repeat(length / 5)}"}`;
    const rows = encodeQR(text, "raw", { ecc: "medium", scale: 4 });
    const side = rows.length;
    const data = new Uint8Array(side * side * 4).fill(255);
    rows.forEach((row, y) => row.forEach((dark, x) => dark && data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3)));
    expect(decodeQR({ width: side, height: side, data }, { timeLimit: 4000, textDecoder: (bytes) => new TextDecoder().decode(bytes) })).toBe(text);
  }
});

it("every text of the page is used, in every language that the site is described in", () => {
  const folder = join(import.meta.dirname, "../src/verify");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file)).map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  const read = (code: string) => JSON.parse(readFileSync(join(import.meta.dirname, `../messages/verify.${code}.json`), "utf8")) as Record<string, string>;
  const keys = Object.keys(read("ja"));
  const beginnings = [...sources.matchAll(/`(verify\.[a-z_.]+?)\$\{/g)].map(([, beginning = ""]) => beginning);
  const unused = keys.filter((key) => key !== "verify.short" && !sources.includes(`"${key}"`) && !beginnings.some((beginning) => key.startsWith(beginning)));
  expect(unused).toEqual([]);
  for (const code of Object.keys(descriptions)) expect(Object.keys(read(code))).toEqual(keys);
});
