import { useEffect, useState } from "preact/hooks";
import type { CaseView } from "../../shared/contract.ts";
import { refresh } from "./store.ts";

const PAUSE = 3000;
const PATIENCE = 60;
/** What goes on without anybody's doing: an authorization may be granted within the minute. */
const MOVING: CaseView["status"][] = ["checking", "in_review", "issuance"];

/** Looks again for a while, so that the page tells by itself what has become of an application without a card. */
export function useWatch({ case_id, status, identity }: CaseView): void {
  const [looks, setLooks] = useState(0);
  const moving = identity.assurance === "account" && MOVING.includes(status);
  useEffect(() => {
    if (!moving || looks >= PATIENCE) return;
    const timer = setTimeout(() => {
      refresh(case_id)
        .catch(() => undefined)
        .finally(() => setLooks((count) => count + 1));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [case_id, moving, looks]);
}
