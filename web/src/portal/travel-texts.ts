import { catalogue } from "../shared/texts.ts";
import type japanese from "../../messages/travel.ja.json";

export type TravelKey = keyof typeof japanese;

/** The texts of visas and travel authorizations. */
export const travelTexts = catalogue<TravelKey>("travel.");

export const v = travelTexts.text;
