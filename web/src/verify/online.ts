import { language } from "../shared/language.ts";
import type { Status } from "./seal/verification.ts";

export const PERMISSIONS = ["active", "revoked", "cancelled", "used", "expired", "replaced", "unknown", "not_checked"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What the service says of a seal; `status` null where nobody could be asked. */
export interface OnlineAnswer {
  permission: Permission;
  status: Status | null;
}

export const NOBODY_ASKED: OnlineAnswer = { permission: "not_checked", status: null };

/** Asks the service what became of the permission. Whatever is not a clear answer is no answer. */
export async function askOnline(seal: string): Promise<OnlineAnswer> {
  if (!navigator.onLine) return NOBODY_ASKED;
  try {
    const headers = { "Content-Type": "application/json", "Accept-Language": language.value };
    const answer = await fetch("/api/verify", { method: "POST", headers, body: JSON.stringify({ seal }), signal: AbortSignal.timeout(8000) });
    if (!answer.ok) return NOBODY_ASKED;
    const { permission, status } = (await answer.json()) as { permission?: unknown; status?: Status };
    const known = PERMISSIONS.find((each) => each === permission);
    return { permission: known ?? "not_checked", status: status ?? null };
  } catch {
    return NOBODY_ASKED;
  }
}
