import { language } from "../shared/language.ts";
import type { Status } from "./seal/verification.ts";

/** What has become of a permission that is of no effect; `unknown`: the service has none of this number. */
export const ENDS = ["revoked", "cancelled", "used", "expired", "replaced", "unknown"] as const;
export type End = (typeof ENDS)[number];
const ANSWERS = ["active", ...ENDS, "not_checked"] as const;

/** What the service says of a seal; `status` null where nobody could be asked. */
export interface OnlineAnswer {
  permission: (typeof ANSWERS)[number] | "asking";
  status: Status | null;
  /** When the service said so, where that was earlier and not now. */
  told?: Date;
}

export const NOBODY_ASKED: OnlineAnswer = { permission: "not_checked", status: null };
export const ASKING: OnlineAnswer = { permission: "asking", status: null };

export const isEnd = (permission: unknown): permission is End => ENDS.some((each) => each === permission);

/** Asks the service what became of the permission. Whatever is not a clear answer is no answer. */
export async function askOnline(seal: string): Promise<OnlineAnswer> {
  if (!navigator.onLine) return NOBODY_ASKED;
  try {
    const headers = { "Content-Type": "application/json", "Accept-Language": language.value };
    const answer = await fetch("/api/verify", { method: "POST", headers, body: JSON.stringify({ seal }), signal: AbortSignal.timeout(8000) });
    if (!answer.ok) return NOBODY_ASKED;
    const { permission, status } = (await answer.json()) as { permission?: unknown; status?: Status };
    const known = ANSWERS.find((each) => each === permission);
    return { permission: known ?? "not_checked", status: status ?? null };
  } catch {
    return NOBODY_ASKED;
  }
}
