import { describe, language } from "./language.ts";

const formatters = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { locale } = describe(language.value);
  const key = JSON.stringify([locale, options]);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}

/** A calendar date (`2026-12-08`), without any time zone's say. */
export function formatDate(date: string): string {
  const day = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? date : dateFormat({ dateStyle: "long", timeZone: "UTC" }).format(day);
}

/** A calendar date with its day of the week. */
export function formatDay(date: string): string {
  const day = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  return dateFormat({ year: "numeric", month: "long", day: "numeric", weekday: "short", timeZone: "UTC" }).format(day);
}

/** A moment (ISO 8601 with offset) as date and time of the given zone, or of the reader's. */
export function formatMoment(moment: string, timeZone?: string): string {
  return dateFormat({ dateStyle: "long", timeStyle: "short", timeZone }).format(new Date(moment));
}

/** A moment (milliseconds since 1970) as a running clock shows it in the reader's zone: to the second. */
export function formatClock(moment: number): string {
  return dateFormat({ timeStyle: "medium" }).format(moment);
}

/** The date of a moment in the given zone, or in the reader's. */
export function formatDateOf(moment: string, timeZone?: string): string {
  return dateFormat({ dateStyle: "long", timeZone }).format(new Date(moment));
}

/** The wall-clock time that an ISO 8601 moment itself carries: `2026-12-01T09:00+08:00` → 9:00. */
export function formatLocalTime(moment: string): string {
  return dateFormat({ timeStyle: "short", timeZone: "UTC" }).format(new Date(`${moment.slice(0, 16)}Z`));
}

/** An amount in the currency's minor unit (yen have none): 15900 jpy, 1590 usd are 15,900 yen and 15.90 dollars. */
export function formatMoney(amount: number, currency: string): string {
  const { locale, currency: currencyDisplay } = describe(language.value);
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: currency.toUpperCase(), currencyDisplay });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(describe(language.value).locale, options).format(value);
}

const MEGABYTE = 1024 ** 2;

/** Bytes as kilobytes or megabytes, as people's own computers count them. */
export function formatSize(bytes: number): string {
  const large = bytes >= MEGABYTE;
  const value = large ? bytes / MEGABYTE : Math.max(1, Math.round(bytes / 1024));
  return formatNumber(value, { style: "unit", unit: large ? "megabyte" : "kilobyte", maximumFractionDigits: 1 });
}

/** Words in a row, joined as the page's language joins them. */
export function formatList(words: string[]): string {
  return new Intl.ListFormat(describe(language.value).locale, { type: "disjunction", style: "short" }).format(words);
}

export type DatePart = "year" | "month" | "day";

/** The order in which the page's language writes a date. */
export function dateOrder(): DatePart[] {
  const parts = dateFormat({ year: "numeric", month: "numeric", day: "numeric" }).formatToParts(new Date(0));
  return parts.map((part) => part.type).filter((type): type is DatePart => ["year", "month", "day"].includes(type));
}
