/** Dates as short as a dense table wants them, in the order that the language writes them. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { describe, language } from "../shared/language.ts";
import { today } from "./days.ts";

export function shortDate(date: string): string {
  // A passport may not say the day or month of birth.
  if (date.includes("X")) return date;
  return format(date.slice(0, 10) + "T00:00:00Z", { ...day(), timeZone: "UTC" });
}

/** The zone of the desk whose work is on the screen, wherever the officer's machine thinks it is. */
export const Zone = createContext<string | undefined>(undefined);

interface Clock {
  /** To the minute. */
  shortMoment: (moment: string) => string;
  /** To the second with the zone's name, for the record. */
  exactMoment: (moment: string) => string;
  today: () => string;
}

/** Moments on the desk's clock. */
export function useClock(): Clock {
  const timeZone = useContext(Zone);
  return {
    shortMoment: (moment) => format(moment, { ...day(), ...TO_THE_MINUTE, timeZone }),
    exactMoment: (moment) => format(moment, { ...day(), ...TO_THE_MINUTE, second: "2-digit", timeZoneName: "short", timeZone }),
    today: () => today(new Date(), timeZone),
  };
}

const TO_THE_MINUTE: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };

/** Digits alone where everybody reads year, month, day; elsewhere the month's name, because 02/01 has two meanings. */
function day(): Intl.DateTimeFormatOptions {
  return { year: "numeric", month: language.value === "ja" ? "2-digit" : "short", day: "2-digit" };
}

function format(moment: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return moment;
  return new Intl.DateTimeFormat(describe(language.value).locale, { hourCycle: "h23", ...options }).format(at);
}

/** A month (YYYY-MM) as a heading has it. */
export function monthName(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return new Intl.DateTimeFormat(describe(language.value).locale, { year: "numeric", month: "long", timeZone: "UTC" }).format(at);
}
