// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchIdle } from "./idle.ts";

const limits = { warnAfter: 10_000, endAfter: 15_000 };

describe("an unattended desk", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("warns, then ends; a stray key while it warns is no decision to stay", () => {
    const remaining = vi.fn();
    const end = vi.fn();
    watchIdle(limits, remaining, end);
    vi.advanceTimersByTime(10_000);
    expect(remaining).toHaveBeenLastCalledWith(5000);
    document.dispatchEvent(new Event("keydown"));
    vi.advanceTimersByTime(5000);
    expect(end).toHaveBeenCalledOnce();
  });

  it("goes on when somebody works, or says so", () => {
    const remaining = vi.fn();
    const end = vi.fn();
    const watch = watchIdle(limits, remaining, end);
    vi.advanceTimersByTime(9000);
    document.dispatchEvent(new Event("pointerdown"));
    vi.advanceTimersByTime(9000);
    expect(remaining).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    watch.touch();
    expect(remaining).toHaveBeenLastCalledWith(null);
    vi.advanceTimersByTime(9000);
    expect(end).not.toHaveBeenCalled();
    watch.stop();
  });
});
