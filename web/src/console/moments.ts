/** Dates as short as a dense table wants them, in the order that the language writes them. */

import { describe, language } from "../shared/language.ts";

export function shortDate(date: string): string {
  return format(date.slice(0, 10) + "T00:00:00Z", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: "UTC" });
}

/** A moment on the officer's clock, to the minute. */
export function shortMoment(moment: string): string {
  return format(moment, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
}

/** A moment to the second with the zone's name, for the record. */
export function exactMoment(moment: string): string {
  return format(moment, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
}

function format(moment: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return moment;
  return new Intl.DateTimeFormat(describe(language.value).locale, { hourCycle: "h23", ...options }).format(at);
}
