"""An application that came to nothing says why it is closed, and when one may apply again, in every language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.doors.cases import ended_on
from ryoji.doors.correspondence import write
from ryoji.doors.texts import catalogue
from ryoji.doors.views import next_text, step_of
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, FIRST, SECOND, Walk
from tests.unit.doors.calling import HOLDER, House
from tests.unit.doors.test_too_late import YESTERDAY, paid, reviewed

LANGUAGES = ("ja", "en", "zh-Hans", "id", "ar")


def refused(procedure: str = "visa-tourism") -> Walk:
    said: dict[str, Any] = {"outcome": "refuse", "ground": "purpose", "reasons": None, "note": None}
    grounds, walk = frozenset({"purpose"}), reviewed(procedure)
    walk.do(commands.propose, officer=FIRST, **said, grounds=grounds, reasons_written=False)
    return walk.do(commands.decide, officer=SECOND, outcome="refuse", note=None)


def unissued(procedure: str = "visa-tourism") -> Walk:
    """What could no longer be issued when the machine came to it."""
    return paid(reviewed(procedure, leaves=YESTERDAY, expires=YESTERDAY)).do(commands.lapse_unissued)


def page(house: House, walk: Walk, language: str = "en") -> Any:
    house.keep(walk)
    return house.call("GET", "/cases/{case_id}", HOLDER, language=language, case_id=CASE).json


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "23 May 2027"),
        ("ja", "2027年5月23日"),
        ("zh-Hans", "2027年5月23日"),
        ("id", "2027"),
        ("ar", "2027"),
    ],
)
def test_after_a_refusal_the_day_from_which_one_may_apply_again_is_told(
    house: House, language: str, day: str
) -> None:
    walk = refused()
    assert day in page(house, walk, language)["next"]["text"]
    (row,) = house.call("GET", "/cases", HOLDER, language=language).json["cases"]
    assert day in row["next"]["text"]
    # Every letter says what is next, too: the same.
    case, definition = walk.case, catalogue().definition("visa-tourism", "2026-04-01")
    key = step_of(case, definition, walking.NOON.date())[2]
    assert day in next_text(key, definition, ended_on(case), language)


def test_a_refusal_that_closes_nothing_names_no_day() -> None:
    definition = catalogue().definition("visa-tourism", "2026-04-01")
    closing = definition.refusal.model_copy(update={"same_purpose_months": None})
    open_again = definition.model_copy(update={"refusal": closing})
    case = refused().case
    key = step_of(case, open_again, walking.NOON.date())[2]
    assert next_text(key, open_again, date(2026, 11, 23), "en") == "You may apply again at any time."


@pytest.mark.parametrize("procedure", ["visa-tourism", "authorization-indonesia"])
def test_what_could_not_be_issued_any_more_did_not_only_miss_a_deadline(house: House, procedure: str) -> None:
    walk = unissued(procedure)
    told = page(house, walk)
    assert "your journey or your passport ended before the" in told["next"]["text"]
    assert "deadline" not in told["status_text"]
    assert "deadline" not in told["timeline"][0]["text"]
    letter = write(walk.case, "lapsed", "email").body
    assert "your journey or your passport ended before the" in letter
    assert "we pay it back" in letter


def test_a_passport_application_misses_a_deadline_and_nothing_else(house: House) -> None:
    assert page(house, walking.lapsed())["next"]["text"].startswith(
        "The application is closed because a deadline passed."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_families_close_in_words_of_their_own(house: House, language: str) -> None:
    told = page(house, unissued("authorization-indonesia"), language)["next"]["text"]
    definition = catalogue().definition("visa-tourism", "2026-04-01")
    assert (
        len(
            {
                told,
                *(next_text(f"next.{key}", definition, None, language) for key in ("lapsed", "lapsed_visa")),
            }
        )
        == 3
    )
