import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { changeLanguage } from "../shared/texts.ts";
import { useClock, Zone } from "./moments.ts";
import { Due } from "./parts.tsx";
import { consoleTexts } from "./texts.ts";

const LATE_IN_TOKYO = "2026-11-30T15:30:00Z";

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(LATE_IN_TOKYO) });
  await consoleTexts.load("en");
  await changeLanguage("en");
});

afterEach(() => vi.useRealTimers());

function Clock() {
  const { shortMoment, exactMoment } = useClock();
  return (
    <p>
      {shortMoment(LATE_IN_TOKYO)} | {exactMoment(LATE_IN_TOKYO)} | <Due due="2026-12-01" />
    </p>
  );
}

function seenAt(zone: string): string {
  const place = document.createElement("main");
  act(() =>
    render(
      <Zone.Provider value={zone}>
        <Clock />
      </Zone.Provider>,
      place,
    ),
  );
  return place.textContent ?? "";
}

it.each([
  ["Asia/Tokyo", "01 Dec 2026, 00:30 | 01 Dec 2026, 00:30:00 GMT+9 | 01 Dec 2026 today"],
  ["America/New_York", "30 Nov 2026, 10:30 | 30 Nov 2026, 10:30:00 GMT-5 | 01 Dec 2026 tomorrow"],
])("shows moments, and how far a day is, on the clock of a desk in %s", (zone, expected) => {
  expect(seenAt(zone)).toBe(expected);
});
