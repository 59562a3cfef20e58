import published from "./profile.json";
import type { Json, JsonObject } from "./strict-json.ts";

/** The profiles of procedures/rules/seals.yaml; a test holds the two together. */
export interface Profile {
  version: number;
  document_type: string;
  kind: string;
}

export const STATE = published.state;

const PROFILES: Record<string, Profile> = published.profiles;
const NAMES = new Map(published.elements.map(({ key, of }) => [key, of]));
const NEEDED = published.elements.filter(({ needed }) => needed).map(({ key }) => key);

export type Content = Record<string, string | number>;
export type Validity = "not_yet" | "current" | "past" | "not_checked";

export function profileOf(type: string): Profile | undefined {
  return Object.hasOwn(PROFILES, type) ? PROFILES[type] : undefined;
}

/** Whether a `msg` has the members of our profiles, each of its kind and size, and no other. */
export function hasProfile(message: JsonObject): boolean {
  const keys = Object.keys(message);
  if (!NEEDED.every((key) => keys.includes(key)) || !keys.every((key) => NAMES.has(key))) return false;
  if (!keys.every((key) => fits(NAMES.get(key) ?? "", message[key]))) return false;
  const { valid_from = "", valid_until = "" } = contentOf(message);
  return valid_from <= valid_until;
}

/** The content of a seal that has our profile, by plain names. */
export function contentOf(message: JsonObject): Content {
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [NAMES.get(key) ?? key, value as string | number]));
}

// The Swedish way of writing a date is ISO 8601.
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: published.days_of, dateStyle: "short" });

/** What the seal itself says of a moment, by the days at the border; a revocation it cannot know. */
export function validityOn(message: JsonObject, now: Date): Validity {
  const day = DAY.format(now);
  const { valid_from = "", valid_until = "" } = contentOf(message);
  if (day < valid_from) return "not_yet";
  return day > valid_until ? "past" : "current";
}

// Largest sizes are counted in characters, as in seal_profile.py.
const TEXTS: Record<string, RegExp> = {
  number: /^[A-Z0-9-]{1,15}$/,
  name: /^[A-Z ]{1,39}$/,
  passport_number: /^[A-Z0-9]{1,12}$/,
  nationality: /^[A-Z]{1,3}$/,
  sex: /^[MFX]$/,
  place_of_issue: /^(?:\P{Cc}|[\u007f-\u009f]){1,15}$/u,
  type: /^(?:\P{Cc}|[\u007f-\u009f]){1,48}$/u,
  additional: /^(?:\P{Cc}|[\u007f-\u009f]){1,100}$/u,
  birth_date: /^(?:[0-9]{4}|XXXX)-(?:[0-9]{2}|XX)-(?:[0-9]{2}|XX)$/,
};

function fits(element: string, value: Json | undefined): boolean {
  const pattern = TEXTS[element];
  if (pattern) return typeof value === "string" && pattern.test(value);
  if (element === "valid_from" || element === "valid_until") return typeof value === "string" && isDay(value);
  return typeof value === "number" && value >= 0 && value <= (element === "stay_days" ? 3660 : 255);
}

function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text.startsWith("0000")) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
