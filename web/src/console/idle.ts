/** Watches whether anybody is at the desk. Warns first; what happens then is the caller's. */

export interface IdleWatch {
  stop(): void;
  /** Somebody is here. */
  touch(): void;
}

export interface IdleLimits {
  /** Milliseconds without a key or pointer until the warning. */
  warnAfter: number;
  /** Milliseconds without one until the end. */
  endAfter: number;
}

export const LIMITS: IdleLimits = { warnAfter: 25 * 60_000, endAfter: 30 * 60_000 };

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel"] as const;

/** `onRemaining` gets the milliseconds left while warning, and null once somebody is there again. */
export function watchIdle(
  limits: IdleLimits,
  onRemaining: (left: number | null) => void,
  onEnd: () => void,
  now: () => number = Date.now,
): IdleWatch {
  let last = now();
  let warning = false;
  const touch = () => {
    last = now();
    if (warning) onRemaining(null);
    warning = false;
  };
  // While the warning stands only its own button counts: a nudged mouse is not a decision to stay.
  const alive = () => {
    if (!warning) last = now();
  };
  const look = () => {
    const idle = now() - last;
    if (idle >= limits.endAfter) {
      stop();
      onEnd();
    } else if (idle >= limits.warnAfter) {
      warning = true;
      onRemaining(limits.endAfter - idle);
    }
  };
  const timer = setInterval(look, 1000);
  SIGNS_OF_LIFE.forEach((sign) => document.addEventListener(sign, alive, { passive: true, capture: true }));
  function stop() {
    clearInterval(timer);
    SIGNS_OF_LIFE.forEach((sign) => document.removeEventListener(sign, alive, { capture: true }));
  }
  return { stop, touch };
}
