/** What is done with the ministry's figures once they are here: months to choose from, sums, and a file for a spreadsheet. */

import { today } from "../days.ts";
import type { Desk } from "../desk.ts";

export const COUNTS = ["received", "issued", "refused", "withdrawn", "lapsed"] as const;
export type Count = (typeof COUNTS)[number];
export type Figures = Record<Count, number> & {
  /** Days from receipt to answer, added up over all issued and refused. */
  days: number;
};

/** The figures of one desk, nationality and procedure in a month. */
export interface StatisticsRow extends Figures {
  desk: string;
  desk_title: string;
  nationality: string;
  nationality_text: string;
  procedure: string;
  title: string;
  family: string;
}

/** Applications of a procedure that a desk received in the month, by the way in which they came. */
export interface Filed {
  desk: string;
  desk_title: string;
  procedure: string;
  title: string;
  online: number;
  on_paper: number;
}

export interface Statistics {
  month: string;
  /** The desks that the officer may ask about. */
  desks: Desk[];
  rows: StatisticsRow[];
  /** Only where the counter has said what came in on paper. */
  filed: Filed[];
}

/** The last months, this one (Japan's) first, as YYYY-MM; with the one that was asked for if it is older. */
export function monthsToChoose(asked: string | null, now: Date = new Date(), count = 24): string[] {
  const [year = 0, month = 1] = today(now, "Asia/Tokyo").split("-").map(Number);
  const last = Array.from({ length: count }, (_, ago) => new Date(Date.UTC(year, month - 1 - ago)).toISOString().slice(0, 7));
  return asked && isMonth(asked) && !last.includes(asked) ? [...last, asked] : last;
}

export function isMonth(text: string): boolean {
  return /^20\d\d-(0[1-9]|1[0-2])$/.test(text);
}

export function sumOf(rows: StatisticsRow[]): Figures {
  const sum: Figures = { received: 0, issued: 0, refused: 0, withdrawn: 0, lapsed: 0, days: 0 };
  for (const row of rows) for (const name of [...COUNTS, "days"] as const) sum[name] += row[name];
  return sum;
}

/** Days from receipt to answer, on average, to one decimal; null where nothing was answered. */
export function meanDays({ days, issued, refused }: Figures): number | null {
  const answered = issued + refused;
  return answered ? Math.round((days * 10) / answered) / 10 : null;
}

/** Of what came in, the part (0 to 1) that came in online; null where nothing came in. */
export function shareOnline(filed: Pick<Filed, "online" | "on_paper">[]): number | null {
  const online = filed.reduce((sum, each) => sum + each.online, 0);
  const all = filed.reduce((sum, each) => sum + each.online + each.on_paper, 0);
  return all ? online / all : null;
}
