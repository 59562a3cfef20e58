import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CaseView } from "../../shared/contract.ts";
import { refresh } from "./store.ts";

/** Milliseconds between looks, and how many there are: close together where minutes matter, far apart elsewhere. */
const QUICKLY = { pause: 3000, looks: 60 };
const SLOWLY = { pause: 30_000, looks: 60 };
/** Who comes back to the page sees it as it is now; going to and fro between windows does not ask each time. */
const AT_MOST_EVERY = 10_000;

/** What goes on without anybody's doing: an authorization may be granted within the minute. Payment, too: where there is no fee it is over in a moment, and a look that falls into it must not be the last one. */
const MOVING: CaseView["status"][] = ["checking", "in_review", "payment", "issuance"];
/** Where machines work on the application of a passport; an officer's review and the printing take days. */
const BY_MACHINE: CaseView["status"][] = ["checking"];
/** What was issued is not among them: it may be revoked, used or over by the next look. */
const ENDED: CaseView["status"][] = ["completed", "refused", "withdrawn", "lapsed"];

/** Looks again by itself, so that the page tells what has become of the application. */
export function useWatch(kase: CaseView): void {
  const { case_id, status } = kase;
  const pace = paceOf(kase);
  const latest = useRef(Date.now());
  const look = () => {
    latest.current = Date.now();
    return refresh(case_id).catch(() => undefined);
  };
  useEffect(() => {
    if (!pace) return;
    let watching = true;
    let timer: ReturnType<typeof setTimeout>;
    const after = (looks: number) => {
      if (!watching || looks === pace.looks) return;
      // A page that nobody sees does not ask.
      timer = setTimeout(() => void (document.hidden ? Promise.resolve() : look()).finally(() => after(looks + 1)), pace.pause);
    };
    after(0);
    return () => {
      watching = false;
      clearTimeout(timer);
    };
  }, [case_id, status, pace]);
  useReturn(() => void look(), latest, !ENDED.includes(status));
}

/** Looks when somebody comes back to the page; `latest` is when it was last looked, in milliseconds since 1970. */
export function useReturn(look: () => void, latest: RefObject<number>, awaited = true): void {
  const now = useRef(look);
  now.current = look;
  useEffect(() => {
    if (!awaited) return;
    const back = () => {
      if (!document.hidden && Date.now() - latest.current >= AT_MOST_EVERY) now.current();
    };
    addEventListener("focus", back);
    document.addEventListener("visibilitychange", back);
    return () => {
      removeEventListener("focus", back);
      document.removeEventListener("visibilitychange", back);
    };
  }, [awaited]);
}

function paceOf({ status, identity }: CaseView): typeof QUICKLY | null {
  if (identity.assurance === "account") return MOVING.includes(status) ? QUICKLY : null;
  return BY_MACHINE.includes(status) ? SLOWLY : null;
}
