"""Appointment slots: computed from an office's hours and calendar, so that only what is taken needs to be kept.

A handover and an interview take a place of the same slots: people are seen at one counter.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ryoji.cases.log import SlotChange

if TYPE_CHECKING:
    from ryoji.cases.case import Case
    from ryoji.catalogue.calendars import Calendar
    from ryoji.catalogue.offices import Office

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_slots(office: Office, calendar: Calendar, first: date, days: int, now: datetime) -> list[str]:
    """The slots of some days that are still to come, as local times with their offset."""
    slots: list[str] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        if calendar.is_working_day(day):
            slots.extend(_slots_of(office, day, now))
    return slots


def _slots_of(office: Office, day: date, now: datetime) -> list[str]:
    zone, length = ZoneInfo(office.timezone), timedelta(minutes=office.appointments.minutes)
    slots = []
    for hours in office.hours:
        if _WEEKDAYS[day.weekday()] not in hours.days:
            continue
        start = datetime.combine(day, hours.opens, zone)
        while start + length <= datetime.combine(day, hours.closes, zone):
            if start > now:
                slots.append(start.isoformat(timespec="minutes"))
            start += length
    return slots


def freed(case: Case) -> tuple[SlotChange, ...]:
    """The place that a case gives back when its appointment goes."""
    if not case.appointment:
        return ()
    return (SlotChange(case.appointment["office"], case.appointment["start"], -1, 0),)


def taken_for(case: Case, office: Office, start: str) -> tuple[SlotChange, ...]:
    """The place that a case takes at an office, behind the one that it gives back."""
    return (*freed(case), SlotChange(office.code, start, 1, office.appointments.capacity))


def freed_if_early(case: Case, now: datetime) -> tuple[SlotChange, ...]:
    """Whoever came before the time leaves the place to somebody else."""
    start = (case.appointment or {}).get("start")
    return freed(case) if start and datetime.fromisoformat(start) > now else ()
