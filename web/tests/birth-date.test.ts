import { expect, it } from "vitest";
import { faultsIn, type FieldDescription } from "../src/portal/forms/fields.ts";
import { prefillOf } from "../src/portal/forms/prefill.ts";
import { isBirthDate } from "../src/shared/components/index.ts";
import type { CaseView, FieldSchema } from "../src/shared/contract.ts";

const schema = (partial: boolean): FieldSchema => ({ "x-ryoji": { widget: "date", partial, prefill_from: "mrz.birth_date" } });
const field = (partial: boolean): FieldDescription => ({ name: "birth_date", label: "Birth", required: true, widget: "date", schema: schema(partial), prefill: null });

it.each(["1956-06-20", "1956-06-XX", "1956-XX-XX", "1956-00-00"])("%s is a birth date as a passport may say it", (text) => {
  expect(isBirthDate(text)).toBe(true);
});

it.each(["1956-XX-20", "XXXX-XX-XX", "1956-13-XX", "1956-02-30", ""])("%j is none", (text) => {
  expect(isBirthDate(text)).toBe(false);
});

it("only a birth date may have unknown parts", () => {
  expect(faultsIn([field(true)], { birth_date: "1956-00-00" })).toEqual([]);
  expect(faultsIn([field(false)], { birth_date: "1956-00-00" })).toHaveLength(1);
});

it("is taken from the passport as it is", () => {
  const read = { check: "travel_document", outcome: "pass", reasons: [], facts: { fields: { birth_date: "1956-XX-XX" } } };
  const kase = { identity: {}, documents: [{ findings: [read] }] } as unknown as CaseView;
  expect(prefillOf(schema(true), kase)?.value).toBe("1956-XX-XX");
  expect(prefillOf(schema(false), kase)).toBeNull();
});
