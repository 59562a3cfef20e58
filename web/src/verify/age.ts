import { signal } from "@preact/signals";
import { formatMoment } from "../shared/format.ts";
import { describe, language } from "../shared/language.ts";

const MINUTE_MILLISECONDS = 60_000;

/** The time as the page knows it: a page that stays open at a desk shows ages that grow. */
export const now = signal(new Date());

export function keepTime(): void {
  setInterval(() => (now.value = new Date()), MINUTE_MILLISECONDS);
}

/** A moment as texts name it: `when` it was, and its `age`. */
export const dated = (moment: Date) => ({ when: formatMoment(moment.toISOString()), age: ageOf(moment) });

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3600], ["minute", 60]];

/** How long ago, in the largest unit that there is one of. */
function ageOf(moment: Date): string {
  const seconds = Math.max(0, (now.value.getTime() - moment.getTime()) / 1000);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(describe(language.value).locale, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}
