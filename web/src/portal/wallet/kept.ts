import type { Wallet } from "../../shared/contract.ts";
import { KEPT_PERMISSIONS } from "../session/session.ts";

/** The permission of a case as this device last had it from the ministry, for showing it without a network. */
const addressOf = (caseId: string) => `/kept/permissions/${encodeURIComponent(caseId)}`;

export async function keepPermission(caseId: string, wallet: Wallet): Promise<void> {
  if (!("caches" in globalThis)) return;
  const kept = await caches.open(KEPT_PERMISSIONS);
  await kept.put(addressOf(caseId), new Response(JSON.stringify(wallet), { headers: { "Content-Type": "application/json" } }));
}

export async function keptPermission(caseId: string): Promise<Wallet | null> {
  if (!("caches" in globalThis)) return null;
  const kept = await (await caches.open(KEPT_PERMISSIONS)).match(addressOf(caseId));
  return kept ? ((await kept.json()) as Wallet) : null;
}

export async function forgetPermission(caseId: string): Promise<void> {
  if ("caches" in globalThis) await (await caches.open(KEPT_PERMISSIONS)).delete(addressOf(caseId));
}
