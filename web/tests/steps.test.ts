import { expect, it } from "vitest";
import type { CaseStatus } from "../src/shared/contract.ts";
import { onward, type Place, type Step } from "../src/portal/wizard/steps.ts";
import { caseWith } from "./at-the-portal.tsx";

const step = (id: string): Step => ({ kind: "document", id, title: id, href: `/cases/1/documents/${id}`, state: "done" });
const PLACE: Place = { step: step("portrait"), before: undefined, after: step("signature") };

it.each<[CaseStatus, string | undefined, RegExp]>([
  ["draft", undefined, /\/cases\/1\/documents\/signature$/],
  ["draft", "check", /\/cases\/1\/check$/],
  ["draft", "case", /\/cases\/1$/],
  ["correction", undefined, /\/cases\/1$/],
  // The last correction sends the application again: its next page is closed.
  ["checking", undefined, /\/cases\/1$/],
  ["in_review", "check", /\/cases\/1$/],
])("from a page of an application in %s, returning to %s, one goes on to %s", (status, returnTo, expected) => {
  expect(onward(caseWith({ status }), PLACE, returnTo)).toMatch(expected);
});
