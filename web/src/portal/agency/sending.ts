import { Problem } from "../../shared/api.ts";
import type { CaseView } from "../../shared/contract.ts";
import { c } from "../case-texts.ts";
import { caseNow, keep, refresh } from "../cases/store.ts";
import { api } from "../connection.ts";
import { eachAtOnce, textsOf } from "./filing.ts";

type Tell = (kase: CaseView, errors: string[]) => void;

/** The applications as they are now, to be looked at before they are sent; what cannot be had is told of and left out. */
export async function toBeShown(cases: CaseView[], tell: Tell): Promise<CaseView[]> {
  const fresh = new Map<string, CaseView>();
  await eachAtOnce(cases, async (kase) => {
    try {
      const now = await refresh(kase.case_id);
      if (now.may.includes("submit")) fresh.set(kase.case_id, now);
      tell(now, []);
    } catch (error) {
      tell(kase, textsOf(error));
    }
  });
  return cases.flatMap(({ case_id }) => fresh.get(case_id) ?? []);
}

/** Sends what was shown. The group's first application goes first: relatives who leave papers to it cannot be sent before. */
export async function submitAll(shown: CaseView[], tell: Tell): Promise<void> {
  const isFirst = ({ group }: CaseView) => group === null;
  for (const some of [shown.filter(isFirst), shown.filter((kase) => !isFirst(kase))]) {
    await eachAtOnce(some, async (kase) => {
      try {
        tell(await submit(kase), []);
      } catch (error) {
        tell(caseNow(kase.case_id) ?? kase, textsOf(error));
      }
    });
  }
}

async function submit({ case_id, sequence }: CaseView): Promise<CaseView> {
  const client = await api();
  const path = `/cases/${case_id}/submission`;
  const { digest } = await client.get<{ digest: string }>(path);
  // Looked at after the digest was made: if nothing has changed by then, it is of what was shown.
  if ((await refresh(case_id)).sequence !== sequence) throw new Problem(409, "conflict", c("conflict.title"), c("check.changed"), c("check.changed_mend"), "", []);
  return keep(await client.post<CaseView>(path, { digest }, { timeout: 60_000 }));
}
