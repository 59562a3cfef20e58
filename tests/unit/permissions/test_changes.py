"""What is a change of an answer, and what of it a carrier is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ryoji.permissions.changes import Change, change_of, shown, to_be_told
from ryoji.permissions.held import Held
from ryoji.permissions.inquiry import Answer, Asked
from ryoji.permissions.transaction import Flight, References, Watched
from tests.unit.permissions.examples import permission

INQUIRY = "A" * 16
HELD = permission().held("claim")
NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)


def watched(arrival: date = date(2026, 11, 24), answer: Answer = "OK_TO_BOARD") -> Watched:
    flight = Flight("XA339", "PVG", "NRT", "", "", arrival)
    return Watched(
        INQUIRY, 3, "XA", Asked("d", ("claim",), needed=True), answer, flight, References("P1", "BKG")
    )


def used(at: datetime) -> Held:
    return HELD._replace(status="used", since=at)


def changed(turn: int, at: datetime = NOW, **other: Any) -> Change:
    made = change_of(watched(), turn - 1, [], at)
    assert made is not None
    values = {name: getattr(made, name) for name in Change.__dataclass_fields__}
    return Change(**{**values, **other})


@pytest.mark.parametrize(
    ("at", "arrival", "told"),
    [
        # Tokyo is nine hours ahead: what is still the 24th in UTC may be the 25th there.
        (datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 24), False),
        (datetime(2026, 11, 24, 15, 30, tzinfo=UTC), date(2026, 11, 24), False),
        (datetime(2026, 11, 24, 15, 30, tzinfo=UTC), date(2026, 11, 25), False),
        (datetime(2026, 11, 24, 14, 30, tzinfo=UTC), date(2026, 11, 25), True),
        (datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 26), True),
    ],
)
def test_an_entry_is_news_for_later_flights_only(at: datetime, arrival: date, told: bool) -> None:
    change = change_of(watched(arrival), 0, [used(at)], NOW)
    assert (change is not None) == told
    assert change is None or change.answer == "NO_BOARD"


def test_an_entry_lets_nobody_board_who_was_told_not_to() -> None:
    assert change_of(watched(answer="NO_BOARD"), 1, [used(NOW)], NOW) is None


@pytest.mark.parametrize("status", ["revoked", "cancelled", "replaced"])
def test_what_ends_otherwise_on_the_day_of_arrival_is_told(status: Any) -> None:
    change = change_of(watched(), 0, [HELD._replace(status=status, since=NOW)], NOW)
    assert change is not None
    assert change.answer == "NO_BOARD"


def test_a_change_says_which_passenger_it_is_of() -> None:
    told = shown(changed(2))
    assert told["change"] == f"{INQUIRY}-3-2"
    assert (told["inquiry"], told["place"], told["reference"], told["booking"]) == (INQUIRY, 3, "P1", "BKG")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2026-11-24T20:35", "2026-11-24T20:35"),
        ("2611242035:201", "2026-11-24T20:35"),
        ("202611242035:203", "2026-11-24T20:35"),
        ("2611242035", "2026-11-24T20:35"),
        # An inquiry in EDIFACT need not tell the time.
        ("261124:101", "2026-11-24"),
        ("20261124", "2026-11-24"),
    ],
)
def test_a_time_that_was_sent_in_edifact_is_told_as_in_json(sent: str, told: str) -> None:
    flight = Flight("XA339", "PVG", "NRT", "", sent, date(2026, 11, 24))
    assert shown(changed(1, flight=flight))["arrives_at"] == told


def test_only_the_newest_change_of_a_passenger_is_told_also_the_tenth() -> None:
    of_another = changed(1, id=f"{INQUIRY}-31-1")
    many = [changed(turn, NOW.replace(minute=turn)) for turn in range(1, 11)]
    assert to_be_told([*many, of_another]) == [of_another, many[-1]]
    done = changed(11, acknowledged=NOW)
    assert to_be_told([*many, of_another, done]) == [of_another]
