import { change } from "../cases/store.ts";
import type { CaseView } from "../../shared/contract.ts";

/** While a correction is asked for, saving an item is followed by saying that it is mended. */
export async function sayMended(kase: CaseView, item: string): Promise<CaseView> {
  const asked = kase.status === "correction" && kase.correction?.items.some((each) => each.item === item);
  if (!asked) return kase;
  return change((client) => client.post<CaseView>(`/cases/${kase.case_id}/correction`, { item }));
}
