import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CaseList, CaseRow } from "../../shared/contract.ts";
import { Button, ButtonRow, NotificationBanner } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { describeFailure } from "../loading.tsx";

interface Props {
  /** The first page of one's cases. */
  first: CaseList;
  children: (rows: CaseRow[], more: ComponentChildren) => ComponentChildren;
}

/** One's cases as far as they are fetched, and a button for the next page where there is one. */
export function CasePages({ first, children }: Props) {
  const [list, setList] = useState(first);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => setList(first), [first]);
  const more = async (next: string) => {
    setBusy(true);
    setFailure(null);
    try {
      const page = await (await api()).get<CaseList>(`/cases?cursor=${encodeURIComponent(next)}`);
      setList((known) => ({ cases: merged(known.cases, page.cases), next: page.next }));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const { next } = list;
  return (
    <>
      {children(
        list.cases,
        next && (
          <ButtonRow>
            {failure !== null && <NotificationBanner kind="error" title={describeFailure(failure).title} live><p>{describeFailure(failure).detail}</p></NotificationBanner>}
            <Button variant="secondary" disabled={busy} onClick={() => void more(next)}>{c("account.more")}</Button>
          </ButtonRow>
        ),
      )}
    </>
  );
}

/** What changed between two pages may stand in both. */
function merged(known: CaseRow[], added: CaseRow[]): CaseRow[] {
  return [...new Map([...known, ...added].map((row) => [row.case_id, row])).values()];
}
