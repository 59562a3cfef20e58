import { afterAll, describe, expect, it } from "vitest";
import descriptions from "../messages/languages.json";
import { dateOrder, formatDate, formatMoney, formatNumber } from "../src/shared/format.ts";
import { language, languages, type Language } from "../src/shared/language.ts";

const codes = Object.keys(descriptions) as Language[];
const BOOK: Record<Language, { date: string; order: string; money: RegExp; number: string; direction: string }> = {
  ja: { date: "2026年12月8日", order: "year month day", money: /15,900円/, number: "1,234,567.5", direction: "ltr" },
  en: { date: "8 December 2026", order: "day month year", money: /¥15,900/, number: "1,234,567.5", direction: "ltr" },
  "zh-Hans": { date: "2026年12月8日", order: "year month day", money: /15,900日元/, number: "1,234,567.5", direction: "ltr" },
  id: { date: "8 Desember 2026", order: "day month year", money: /¥.?15\.900/, number: "1.234.567,5", direction: "ltr" },
  ar: { date: "8 ديسمبر 2026", order: "day month year", money: /15,900.*ين/, number: "1,234,567.5", direction: "rtl" },
};

describe.each(codes)("in %s", (code) => {
  afterAll(() => void (language.value = "ja"));

  it("dates, amounts and numbers are written as its readers write them, with digits that a form can be typed with", () => {
    language.value = code;
    const expected = BOOK[code];
    expect(formatDate("2026-12-08").replace(/[\u200e\u200f\u061c]/g, "")).toBe(expected.date);
    expect(dateOrder().join(" ")).toBe(expected.order);
    expect(formatMoney(15900, "JPY")).toMatch(expected.money);
    expect(formatNumber(1234567.5)).toBe(expected.number);
    expect(descriptions[code].direction).toBe(expected.direction);
  });
});

it("only a language that the site has texts in is offered", () => {
  expect(languages.map(({ code }) => code)).toEqual(["ja", "en", "zh-Hans", "id", "ar"]);
});
