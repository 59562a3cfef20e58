import jsonLogic from "json-logic-js";
import type { Answers, Condition } from "../../shared/contract.ts";

export type AnswersBySection = Record<string, Answers>;

/** What conditions may read. What is not known is null, as on the server. */
export interface Facts {
  answers: AnswersBySection;
  age: number | null;
  channel: "online";
  office: { code: string | null; kind: string | null; country: string | null };
}

/** The same JSON Logic as the server's: procedures/conditions-conformance.json is run against both. */
export function holds(condition: Condition | undefined | null, facts: object): boolean {
  if (condition === undefined || condition === null) return true;
  return jsonLogic.truthy(jsonLogic.apply(condition as jsonLogic.RulesLogic, facts));
}

export type AgeReached = "eve_of_birthday" | "birthday";

export function factsFor(answers: AnswersBySection, today: string, reached?: AgeReached): Facts {
  const birthDate = (answers["person"] ?? answers["traveller"])?.["birth_date"];
  return {
    answers,
    age: typeof birthDate === "string" ? ageOn(birthDate, today, reached) : null,
    channel: "online",
    office: { code: textOrNull(answers["collection"]?.["office"]), kind: null, country: null },
  };
}

function textOrNull(answer: unknown): string | null {
  return typeof answer === "string" ? answer : null;
}

/**
 * Full years of age on a day. By 年齢計算ニ関スル法律 a year is full at the end of the day before the birthday, so that
 * day already counts. Only for what the page shows: the server counts again.
 */
export function ageOn(birthDate: string, day: string, reached: AgeReached = "eve_of_birthday"): number | null {
  const born = new Date(`${birthDate}T00:00:00Z`);
  const on = new Date(Date.parse(`${day}T00:00:00Z`) + (reached === "eve_of_birthday" ? 86_400_000 : 0));
  if (Number.isNaN(born.getTime()) || Number.isNaN(on.getTime())) return null;
  const early = on.getUTCMonth() * 100 + on.getUTCDate() < born.getUTCMonth() * 100 + born.getUTCDate();
  return on.getUTCFullYear() - born.getUTCFullYear() - (early ? 1 : 0);
}

/** Today's date where the reader is. */
export function today(now: Date = new Date()): string {
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
