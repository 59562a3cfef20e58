import { change } from "../cases/store.ts";
import type { CaseView } from "../../shared/contract.ts";

/** A draft may be changed everywhere; later only what a correction asks for, until it is mended. */
export function isOpen(kase: CaseView, item: string): boolean {
  if (kase.status === "draft") return kase.may.includes("save");
  return kase.correction?.items.some((each) => each.item === item && !each.done) ?? false;
}

/** While a correction is asked for, saving an item is followed by saying that it is mended. */
export async function sayMended(kase: CaseView, item: string): Promise<CaseView> {
  if (kase.status !== "correction" || !isOpen(kase, item)) return kase;
  return change((client) => client.post<CaseView>(`/cases/${kase.case_id}/correction`, { item }));
}
