"""A journey that is corrected months after it was applied for is judged on today; all else on the day of acceptance."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from ryoji.adapters import keys
from ryoji.cases import commands
from ryoji.cases.references import reference_of
from ryoji.catalogue.conditions import Facts
from ryoji.doors.texts import catalogue
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE, FIRST
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import House
from tests.unit.doors.test_corrected_purpose import Later
from tests.unit.doors.test_correcting import said, saved

# Sent on 10 August for a journey in October; today is 23 November. What is granted today ends on 22 February.
DAYS = -105
BOOKED = {"arrival_date": "2026-10-10", "departure_date": "2026-10-20"}


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "keyed_hash", lambda data: hashlib.sha256(data).hexdigest())


def asked(house: House, *items: str, **booked: str) -> None:
    """A tourist whose application has lain for months is asked to mend these."""
    walk = Later(CASE, DAYS)
    opened = {"procedure": "visa-tourism", "version": "2026-04-01", "language": "en", "email": None}
    walk.do(commands.open_draft, APPLICANT, holder=walking.HOLDER, **opened)
    own = {
        "traveller": {"country_of_residence": "GBR"},
        "mission": {"office": "mission-united-kingdom", "language": "en"},
        "trip": booked or BOOKED,
    }
    for name in ("traveller", "travel_document", "trip", "host", "funds", "past_travel", "mission"):
        walk.do(commands.save_section, APPLICANT, section=name, answers={**GOOD[name], **own.get(name, {})})
    for name in ("portrait", "passport_page", "residence_proof", "itinerary", "funds_proof"):
        walk.do(commands.receive_document, APPLICANT, document=name, **walking.upload(name))
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(CASE), "desk": walking.DESK, "person": "p"}
    walk.do(commands.submit, APPLICANT, **sent, **place).do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due=None).do(commands.claim, officer=FIRST)
    asks = [{"item": item, "reason": "When will you travel?"} for item in items]
    known = frozenset(items)
    house.keep(walk.do(commands.request_correction, officer=FIRST, items=asks, known=known, by="2027-02-23"))


@pytest.mark.parametrize(
    ("arrives", "leaves", "faults"),
    [
        ("2026-12-10", "2026-12-20", []),
        ("2026-11-23", "2026-11-30", []),
        ("2027-02-22", "2027-02-28", []),
        ("2026-11-22", "2026-11-30", ["arrival_in_past"]),
        ("2026-09-01", "2026-09-10", ["arrival_in_past"]),
        ("2027-02-23", "2027-02-28", ["arrival_after_validity"]),
    ],
)
def test_a_journey_is_corrected_to_one_that_lies_ahead(
    house: House, arrives: str, leaves: str, faults: list[str]
) -> None:
    asked(house, "sections/trip")
    trip = {**GOOD["trip"], "arrival_date": arrives, "departure_date": leaves}
    assert saved(house, "trip", trip).status == 200
    answer = said(house, "sections/trip")
    assert [error["code"] for error in answer.json.get("errors", [])] == faults
    assert answer.status == (409 if faults else 200)


def test_a_journey_that_is_past_is_asked_for_with_what_else_is_mended(house: House) -> None:
    asked(house, "sections/mission")
    mission = {**GOOD["mission"], "office": "mission-united-kingdom", "language": "ja"}
    assert saved(house, "mission", mission).status == 200
    answer = said(house, "sections/mission")
    assert (answer.status, answer.json["status"]) == (200, "correction")
    waiting = {
        item["item"]: item["reason"] for item in answer.json["correction"]["items"] if not item["done"]
    }
    assert list(waiting) == ["sections/trip"]
    assert waiting["sections/trip"].endswith(".")
    saved(house, "trip", {**GOOD["trip"], "arrival_date": "2026-12-10", "departure_date": "2026-12-20"})
    assert said(house, "sections/trip").json["status"] == "checking"


@pytest.mark.usefixtures("compiled")
def test_what_is_no_journey_stays_with_the_day_of_acceptance() -> None:
    answers = {
        "traveller": {"birth_date": "2008-10-01"},
        "travel_document": {"expiry_date": "2026-11-01"},
        "trip": {"arrival_date": "2026-12-01", "departure_date": "2026-12-10"},
    }
    permit = catalogue().definition("visa-tourism", "2026-04-01").permit
    accepted, today = date(2026, 8, 10), date(2026, 12, 1)
    then = Facts(answers=answers, on=accepted).variables("birthday", permit)
    now = Facts(answers=answers, on=accepted, today=today).variables("birthday", permit)
    assert (then["trip"]["begins_in"], now["trip"]["begins_in"]) == (113, 0)
    assert (then["permit"]["ends_in"], now["permit"]["ends_in"]) == (91, 89)
    for name in ("age", "passport"):
        assert now[name] == then[name]
    assert (now["age"], now["passport"]["expired"]) == (17, False)
