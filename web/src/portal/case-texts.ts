import { catalogue } from "../shared/texts.ts";
import type japanese from "../../messages/case.ja.json";

export type CaseKey = keyof typeof japanese;

/** The texts of the pages for applicants, fetched with the first of them. */
export const caseTexts = catalogue<CaseKey>({
  ja: () => import("../../messages/case.ja.json?messages"),
  en: () => import("../../messages/case.en.json?messages"),
});

export const c = caseTexts.text;
