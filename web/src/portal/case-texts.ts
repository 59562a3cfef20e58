import { catalogue } from "../shared/texts.ts";
import type japanese from "../../messages/case.ja.json";

export type CaseKey = keyof typeof japanese;

/** The texts of the pages for applicants, fetched with the first of them. */
export const caseTexts = catalogue<CaseKey>("case.");

export const c = caseTexts.text;
