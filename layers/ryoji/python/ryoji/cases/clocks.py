"""The review's clock, which stands still while the applicant is asked (japan.md §7.1: five working days)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ryoji.cases.case import Case
from ryoji.catalogue.calendars import Calendar
from ryoji.catalogue.deadlines import acceptance_date, working_days_between


def working_days_used(case: Case, calendar: Calendar, timezone: str, now: datetime) -> int:
    """How many working days of a review have gone by, without those in which the applicant was asked."""
    return sum(_days(start, end or now, calendar, timezone) for start, end in case.review_clock)


def _days(start: datetime, end: datetime, calendar: Calendar, timezone: str) -> int:
    first = acceptance_date(start, timezone, calendar)
    last: date = end.astimezone(ZoneInfo(timezone)).date()
    return max(0, working_days_between(first, last, calendar))
