import { useEffect, useState } from "preact/hooks";

/** Milliseconds after which a page that is looked at asks anew: what was taken away must not go on looking good. */
export const LOOK_AGAIN = 20_000;

/** Milliseconds after which, asked in vain, what was last said is not the status of now any more. */
const LIVE_FOR = LOOK_AGAIN + 10_000;

/** This device's clock, each second, and at once when the page is seen again: nobody counts for a page that is hidden. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return now;
}

/** Milliseconds since the ministry answered; an answer may be younger than the last second that was counted. */
export function ageOf(heard: number, now: number): number {
  return Math.max(0, now - heard);
}

export function isLive(heard: number, now: number): boolean {
  return ageOf(heard, now) < LIVE_FOR;
}

/** The ministry's clock: as it stood in the answer, and what has gone by since. This device's own may be wrong. */
export function ministryTime(asOf: string, heard: number, now: number): number {
  return Date.parse(asOf) + ageOf(heard, now);
}

/** Whole seconds until the next look; none while it is being asked. */
export function secondsLeft(heard: number, now: number): number {
  return Math.max(0, Math.ceil((LOOK_AGAIN - ageOf(heard, now)) / 1000));
}
