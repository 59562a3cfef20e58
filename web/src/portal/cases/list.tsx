import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CaseList, CaseRow } from "../../shared/contract.ts";
import { Button, ButtonRow, NotificationBanner } from "../../shared/components/index.ts";
import { language } from "../../shared/language.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { describeFailure, useLoad, type Loading } from "../loading.tsx";
import { useReturn } from "./watch.ts";

/** What a page of cases needs, fetched again when somebody comes back to it. A look in vain leaves what is shown. */
export function useList<T>(load: () => Promise<T>, keys: unknown[]): Loading<T> {
  const [looks, setLooks] = useState(0);
  const latest = useRef(Date.now());
  const shown = useRef<{ value: T } | null>(null);
  useReturn(() => setLooks((count) => count + 1), latest);
  return useLoad(async () => {
    latest.current = Date.now();
    try {
      shown.current = { value: await load() };
    } catch (error) {
      if (!shown.current) throw error;
    }
    return shown.current.value;
  }, [...keys, looks]);
}

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
  const read = useRef(language.value);
  useEffect(() => {
    // Pages behind the first stay when it is fetched again; in another language they would be the old one's.
    setList((known) => (read.current === language.value ? renewed(known, first) : first));
    read.current = language.value;
  }, [first]);
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

/** The first page as it is now, before what was fetched behind it. */
function renewed(known: CaseList, first: CaseList): CaseList {
  const now = new Set(first.cases.map(({ case_id }) => case_id));
  // Where the first page is all there is, what is not on it is gone.
  const behind = first.next ? known.cases.filter(({ case_id }) => !now.has(case_id)) : [];
  return behind.length ? { cases: [...first.cases, ...behind], next: known.next } : first;
}

/** What changed between two pages may stand in both. */
function merged(known: CaseRow[], added: CaseRow[]): CaseRow[] {
  return [...new Map([...known, ...added].map((row) => [row.case_id, row])).values()];
}
