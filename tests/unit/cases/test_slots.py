"""Slots come from an office's hours and calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ryoji.cases.slots import freed, open_slots
from ryoji.catalogue.loading import Catalogue, load
from ryoji.catalogue.offices import Office
from tests.unit.cases import walking

FRIDAY = date(2026, 11, 20)
# A working day everywhere: where Friday is of the weekend, too.
THURSDAY = date(2026, 11, 19)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(Path(__file__).parents[3] / "procedures")


def slots_of(
    catalogue: Catalogue, code: str, days: int, now: datetime = LONG_AGO, first: date = FRIDAY
) -> list[str]:
    office = catalogue.office(code)
    return open_slots(office, catalogue.calendar(office.calendar), first, days, now)


def offices() -> list[str]:
    return sorted(load(Path(__file__).parents[3] / "procedures").offices)


def opening(office: Office, moment: datetime) -> bool:
    """Whether a visit that begins now ends within one of the office's hours, counted another way."""
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[moment.weekday()]
    begins = moment.hour * 60 + moment.minute
    ends = begins + office.appointments.minutes

    def minutes(at: time) -> int:
        return at.hour * 60 + at.minute

    return any(
        day in hours.days and minutes(hours.opens) <= begins and ends <= minutes(hours.closes)
        for hours in office.hours
    )


@pytest.mark.parametrize("code", offices())
def test_every_slot_lies_in_the_hours_and_none_is_missing(catalogue: Catalogue, code: str) -> None:
    office = catalogue.office(code)
    slots = slots_of(catalogue, code, 1, first=THURSDAY)
    moments = [datetime.fromisoformat(slot) for slot in slots]
    assert slots
    assert all(opening(office, moment) for moment in moments)
    assert len(set(slots)) == len(slots)
    step = timedelta(minutes=office.appointments.minutes)
    for hours in office.hours:
        first = datetime.combine(THURSDAY, hours.opens, ZoneInfo(office.timezone))
        last = datetime.combine(THURSDAY, hours.closes, ZoneInfo(office.timezone)) - step
        assert first in moments
        assert any(last - step < moment <= last for moment in moments)


def test_weekends_and_holidays_have_none(catalogue: Catalogue) -> None:
    days = {slot[:10] for slot in slots_of(catalogue, "prefecture-tokyo", 5)}
    assert days == {"2026-11-20", "2026-11-24"}  # Saturday, Sunday, 勤労感謝の日


def test_what_has_begun_is_gone(catalogue: Catalogue) -> None:
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)  # noon in Tokyo
    slots = slots_of(catalogue, "prefecture-tokyo", 1, now)
    assert slots[0] == "2026-11-20T12:30+09:00"


def test_a_case_gives_back_what_it_has() -> None:
    assert freed(walking.production().case) == ()
    (change,) = freed(walking.collection().case)
    assert (change.office, change.start, change.take) == (walking.OFFICE, walking.SLOT, -1)
