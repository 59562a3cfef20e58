import type japanese from "../../messages/verify.ja.json";
import { catalogue } from "../shared/texts.ts";

export type VerifyKey = keyof typeof japanese;

/** The texts of the verification page alone. */
export const verifyTexts = catalogue<VerifyKey>("verify.");

export const v = verifyTexts.text;
