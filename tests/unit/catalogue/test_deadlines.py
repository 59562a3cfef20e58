"""Working days, the 17:00 cut-off in each office's own time, months, and calendars that end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.catalogue.calendars import Calendar, CalendarData, combined
from ryoji.catalogue.deadlines import (
    acceptance_date,
    add_months,
    add_working_days,
    due,
    next_working_day,
    reminders,
    working_days_between,
)
from ryoji.catalogue.definition import Deadline
from ryoji.catalogue.loading import Catalogue, load
from ryoji.errors import Rejected

from .conftest import PROCEDURES

JAPAN = load(PROCEDURES).calendar("japan")
DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-24"),
        ("2026-11-21", 0, "2026-11-24"),
        ("2026-11-24", 11, "2026-12-09"),
        ("2026-09-18", 1, "2026-09-24"),
        ("2025-05-02", 1, "2025-05-07"),
        ("2026-12-28", 1, "2027-01-04"),
        ("2027-03-19", 1, "2027-03-23"),
    ],
)
def test_working_days_in_japan(start: str, count: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(start), count, JAPAN) == date.fromisoformat(end)


def test_counting_backwards_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 11, 24), -1, JAPAN)


@pytest.mark.parametrize(
    ("sent", "timezone", "counts"),
    [
        ("2026-11-24T07:59:59+00:00", "Asia/Tokyo", "2026-11-24"),
        ("2026-11-24T08:00:00+00:00", "Asia/Tokyo", "2026-11-25"),
        ("2026-11-23T03:00:00+00:00", "Asia/Tokyo", "2026-11-24"),
        ("2026-11-20T09:00:00+00:00", "Asia/Tokyo", "2026-11-24"),
        ("2026-11-25T21:59:00+00:00", "America/New_York", "2026-11-25"),
        ("2026-11-25T22:00:00+00:00", "America/New_York", "2026-11-26"),
        ("2026-07-01T20:59:00+00:00", "America/New_York", "2026-07-01"),
        ("2026-07-01T21:00:00+00:00", "America/New_York", "2026-07-02"),
    ],
)
def test_what_is_sent_at_five_counts_for_tomorrow(sent: str, timezone: str, counts: str) -> None:
    assert acceptance_date(at(sent), timezone, JAPAN) == date.fromisoformat(counts)


def test_each_mission_keeps_its_own_holidays(catalogue: Catalogue) -> None:
    deepavali = at("2026-11-09T01:00:00+00:00")
    singapore, new_york = catalogue.calendar("singapore"), catalogue.calendar("new-york")
    assert acceptance_date(deepavali, "Asia/Singapore", singapore) == date(2026, 11, 10)
    assert new_york.is_working_day(date(2026, 11, 9))
    assert not new_york.is_working_day(date(2026, 11, 26))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-11-23", 6, "2027-05-23"), ("2026-08-31", 6, "2027-02-28"), ("2027-08-31", 6, "2028-02-29"),
     ("2026-11-30", 3, "2027-02-28"), ("2026-12-31", 1, "2027-01-31"), ("2026-01-31", 12, "2027-01-31")],
)  # fmt: skip
def test_months_end_on_the_same_day_or_the_last(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def deadline(**length: int) -> Deadline:
    return Deadline.model_validate({"then": "lapse", "source": "x", "mark": "K", **length})


def test_a_deadline_is_counted_in_its_own_unit() -> None:
    start = date(2026, 11, 24)
    assert due(deadline(working_days=5), start, JAPAN) == date(2026, 12, 1)
    assert due(deadline(days=30), start, JAPAN) == date(2026, 12, 24)
    assert due(deadline(months=6), start, JAPAN) == date(2027, 5, 24)


def test_reminders_come_before_the_deadline_in_order() -> None:
    wanted = Deadline(days=30, then="lapse", remind_days_before=[3, 14], source="x", mark="K")
    assert reminders(wanted, date(2026, 12, 24)) == (date(2026, 12, 10), date(2026, 12, 21))


def test_a_calendar_that_has_ended_is_not_guessed_on() -> None:
    with pytest.raises(Rejected, match="calendar_ends") as caught:
        add_working_days(date(2027, 12, 28), 2, JAPAN)
    assert caught.value.params == {"calendar": "japan", "day": "2028-01-01"}


def test_a_calendar_that_adds_to_another_keeps_both() -> None:
    first = {
        "id": "a", "from": "2026-01-01", "until": "2026-12-31",
        "holidays": [{"day": "2026-02-11", "name": "A", "source": "x", "mark": "K"}],
    }  # fmt: skip
    second = {
        "id": "b", "from": "2026-04-01", "until": "2027-12-31", "weekend": ["fri", "sat"], "adds_to": ["a"],
        "holidays": [{"day": "2026-05-05", "name": "B", "source": "x", "mark": "K"}],
    }  # fmt: skip
    every = {"a": CalendarData.model_validate(first), "b": CalendarData.model_validate(second)}
    both = combined("b", every)
    assert (both.since, both.until) == (date(2026, 4, 1), date(2026, 12, 31))
    assert set(both.holidays) == {date(2026, 2, 11), date(2026, 5, 5)}
    assert both.is_working_day(date(2026, 4, 5))
    assert not both.is_working_day(date(2026, 4, 3))


@pytest.mark.parametrize(("year", "days"), [(2025, 19), (2026, 18), (2027, 17)])
def test_japans_holidays(catalogue: Catalogue, year: int, days: int) -> None:
    rows = [
        row for row in catalogue.raw["calendars"]["japan"]["holidays"] if row["day"].startswith(str(year))
    ]
    holidays = [row for row in rows if row["name"] != "年末年始"]
    assert len(rows) - len(holidays) == 5
    assert len(holidays) == days


@given(start=DAYS, count=st.integers(0, 80))
def test_counting_there_and_back(start: date, count: int) -> None:
    end = add_working_days(start, count, JAPAN)
    assert JAPAN.is_working_day(end)
    assert end >= start
    if count:
        assert working_days_between(start, end, JAPAN) == count
    assert working_days_between(end, start, JAPAN) == -working_days_between(start, end, JAPAN)


@given(start=DAYS, first=st.integers(1, 30), second=st.integers(1, 30))
def test_two_steps_are_one(start: date, first: int, second: int) -> None:
    two = add_working_days(add_working_days(start, first, JAPAN), second, JAPAN)
    assert two == add_working_days(start, first + second, JAPAN)


@given(start=DAYS, middle=DAYS, end=DAYS)
def test_distances_add_up(start: date, middle: date, end: date) -> None:
    whole = working_days_between(start, middle, JAPAN) + working_days_between(middle, end, JAPAN)
    assert whole == working_days_between(start, end, JAPAN)


@given(sent=st.datetimes(datetime(2025, 1, 2), datetime(2027, 11, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive ends
def test_acceptance_is_a_working_day_and_never_earlier(sent: datetime) -> None:
    day = acceptance_date(sent, "Asia/Tokyo", JAPAN)
    local = sent + timedelta(hours=9)
    assert JAPAN.is_working_day(day)
    assert day >= local.date()
    assert acceptance_date(sent + timedelta(hours=1), "Asia/Tokyo", JAPAN) >= day


@given(day=DAYS)
def test_the_next_working_day_is_the_nearest(day: date) -> None:
    found = next_working_day(day, JAPAN)
    between = [day + timedelta(days=n) for n in range((found - day).days)]
    assert not any(JAPAN.is_working_day(each) for each in between)


def test_the_calendar_is_plain_data() -> None:
    calendar = Calendar("x", date(2026, 1, 1), date(2026, 12, 31), frozenset({5, 6}), {})
    assert calendar.is_working_day(date(2026, 1, 1))
