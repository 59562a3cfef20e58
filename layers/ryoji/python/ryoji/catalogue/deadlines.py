"""Deadlines: working days by a calendar, and the hour after which a day no longer counts."""

from __future__ import annotations

import calendar as months_of
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from ryoji.catalogue.calendars import Calendar
    from ryoji.catalogue.definition import Deadline

# What is sent after 17:00 local time counts as sent on the next working day (japan.md §1.10, town.nogi).
CUT_OFF = time(17, 0)

_DAY = timedelta(days=1)


def next_working_day(day: date, calendar: Calendar) -> date:
    """That day if it is worked, else the first working day after it."""
    while not calendar.is_working_day(day):
        day += _DAY
    return day


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The working day that is `count` working days after `day`; the day itself does not count.

    With 0 it is `day` or the next working day. A negative count is a programming error (ValueError).
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    if count == 0:
        return next_working_day(day, calendar)
    while count:
        day += _DAY
        count -= calendar.is_working_day(day)
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and with `end`; negative if `end` is before `start`."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(calendar.is_working_day(start + _DAY * step) for step in range(1, (end - start).days + 1))


def acceptance_date(at: datetime, timezone: str, calendar: Calendar, cut_off: time = CUT_OFF) -> date:
    """The day on which something sent at that moment counts as received by the office.

    `at` is aware. At the cut-off or later, or on a day without work, it is the next working day.
    """
    local = at.astimezone(ZoneInfo(timezone))
    day = local.date() + _DAY if local.time() >= cut_off else local.date()
    return next_working_day(day, calendar)


def add_months(day: date, count: int) -> date:
    """The same day `count` months later; the last day of the month where there is no such day (Civil Code art 143)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


def due(deadline: Deadline, start: date, calendar: Calendar) -> date:
    """The last day of a time limit that starts on `start`. Working days only where the definition says so."""
    if deadline.working_days is not None:
        return add_working_days(start, deadline.working_days, calendar)
    if deadline.months is not None:
        return add_months(start, deadline.months)
    return start + timedelta(days=deadline.days or 0)


def reminders(deadline: Deadline, last_day: date) -> tuple[date, ...]:
    """The days on which a reminder is sent, earliest first."""
    return tuple(sorted(last_day - timedelta(days=before) for before in deadline.remind_days_before))
