"""An interview has a time within the mission's hours, told to the traveller on the page and in the message."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any, Self

import pytest

from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.doors import door
from ryoji.doors.correspondence import write
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, Answer, House, doors, modules, officer

LONDON = "mission-united-kingdom"


def claimed(case_id: str = CASE, procedure: str = "visa-tourism") -> Walk:
    """A traveller's case at the embassy in London, which the first officer holds."""
    opened = {
        "procedure": procedure,
        "version": "2026-04-01",
        "language": "en",
        "email": "a@example.org",
    }
    walk = Walk(case_id).do(commands.open_draft, walking.APPLICANT, holder=walking.HOLDER, **opened)
    for section in ("traveller", "travel_document", "trip"):
        walk.do(commands.save_section, section=section, answers=GOOD[section])
    mission = {**GOOD["mission"], "office": LONDON, "language": "en"}
    walk.do(commands.save_section, section="mission", answers=mission)
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(case_id), "desk": walking.DESK, "person": None}
    walk.do(commands.submit, walking.APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    walk.do(commands.open_task, task="review", token="token-review-1", due="2026-12-01")
    return walk.do(commands.claim, walking.officer(walking.FIRST), officer=walking.FIRST)


def asks(house: House, start: str | None, case_id: str = CASE) -> Answer:
    body: dict[str, Any] = {"text": "Please bring the itinerary."} | ({"start": start} if start else {})
    return house.call(
        "POST",
        "/desk/cases/{case_id}/interview",
        officer("examiner"),
        body=body,
        headers={"Idempotency-Key": "interview-1"},
        case_id=case_id,
    )


def books(house: House, start: str) -> Answer:
    return house.call("POST", "/cases/{case_id}/appointment", HOLDER, body={"start": start}, case_id=CASE)


def notes(house: House) -> Answer:
    said = {"notes": "The journey was explained."}
    path = "/desk/cases/{case_id}/interview/notes"
    return house.call("POST", path, officer("examiner"), body=said, case_id=CASE)


def test_the_traveller_reads_when_and_where(house: House) -> None:
    house.keep(claimed())
    asked = asks(house, "2026-12-08T10:30")
    assert asked.status == 200, asked.text
    assert asked.json["interviews"][0]["start"] == "2026-12-08T10:30+00:00"
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json["interview"]
    when = "Come on: 8 December 2026 10:30, Embassy of Japan in the United Kingdom"
    assert (shown["start"], shown["when"]) == ("2026-12-08T10:30+00:00", when)
    assert when in write(read(house.log, CASE), "interview_requested", "email").body


def test_without_a_time_the_last_day_is_told(house: House) -> None:
    house.keep(claimed())
    assert asks(house, None).status == 200
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json["interview"]
    assert shown["start"] is None
    assert shown["when"].startswith("Come by: ")
    assert shown["when"] in write(read(house.log, CASE), "interview_requested", "email").body


@pytest.mark.parametrize(
    "start",
    [
        "2026-12-06T10:30",  # a Sunday
        "2026-12-08T03:00",  # at night, in London
        "2026-12-08T10:31",  # between two slots
        "2026-11-20T10:30",  # past
        "2029-12-04T10:30",  # behind the last day
    ],
)
def test_a_time_at_which_the_mission_is_shut_is_refused(house: House, start: str) -> None:
    house.keep(claimed())
    told = asks(house, start)
    assert (told.status, told.json["errors"][0]["pointer"]) == (422, "/start")
    assert told.json["errors"][0]["code"] == "not_open_then"
    assert not read(house.log, CASE).interviews


FULL = "2026-12-08T10:30+00:00"


def test_an_interview_takes_a_place_and_a_full_time_is_refused(house: House) -> None:
    # The embassy in London sees two at a time.
    cases = [walking.CASE, "b" * 24, "c" * 24]
    for case_id in cases:
        house.keep(claimed(case_id))
    told = [asks(house, FULL[:16], case_id) for case_id in cases]
    assert [answer.status for answer in told] == [200, 200, 409]
    assert told[2].json["code"] == "slot_full"
    assert house.log.places[LONDON, FULL] == 2
    assert not read(house.log, cases[2]).interviews
    day = house.call(
        "GET",
        "/desk/appointments/{office}",
        officer("counter", desk="london"),
        query={"date": FULL[:10]},
        office=LONDON,
    )
    assert [(row["start"], row["purpose"]) for row in day.json["appointments"]] == [(FULL, "interview")] * 2


def test_the_traveller_books_a_time_and_changes_it(house: House) -> None:
    house.keep(claimed())
    asks(house, None)
    due = read(house.log, CASE).interviews[-1].due
    assert "book" in house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json["may"]
    shown = house.call("GET", "/cases/{case_id}/slots", HOLDER, query={"from": str(due)}, case_id=CASE)
    assert {slot["start"][:10] for slot in shown.json["slots"]} <= {due}
    assert books(house, "2026-12-08T10:30+00:00").json["interview"]["start"] == FULL
    moved = books(house, "2026-12-09T10:30+00:00").json
    assert moved["interview"]["when"].startswith("Come on: 9 December 2026 10:30")
    assert house.log.places == {(LONDON, FULL): 0, (LONDON, "2026-12-09T10:30+00:00"): 1}
    given = house.call("DELETE", "/cases/{case_id}/appointment", HOLDER, case_id=CASE).json
    assert given["interview"]["start"] is None
    assert set(house.log.places.values()) == {0}


def test_no_time_behind_the_last_day_is_booked(house: House) -> None:
    house.keep(claimed())
    asks(house, None)
    told = books(house, "2027-03-16T10:30+00:00")
    assert (told.status, told.json["errors"][0]["code"]) == (422, "no_such_slot")


def test_of_a_travel_authorization_there_are_no_interviews(house: House) -> None:
    house.keep(claimed(procedure="authorization-indonesia"))
    answer = asks(house, None)
    assert (answer.status, answer.json["code"]) == (409, "no_interviews")
    assert not read(house.log, CASE).interviews


def test_nobody_books_who_is_not_asked_to_come(house: House) -> None:
    house.keep(claimed())
    assert books(house, FULL).json["code"] == "wrong_status"
    assert house.call("GET", "/cases/{case_id}/slots", HOLDER, case_id=CASE).json["code"] == "wrong_status"


def test_who_came_early_or_takes_the_application_back_leaves_the_place(house: House) -> None:
    house.keep(claimed())
    asks(house, FULL[:16])
    assert notes(house).status == 200
    assert house.log.places == {(LONDON, FULL): 0}
    assert read(house.log, CASE).appointment is None
    house.call(
        "POST",
        "/desk/cases/{case_id}/interview",
        officer("examiner"),
        body={"text": "Once more.", "start": FULL[:16]},
        case_id=CASE,
    )
    assert house.log.places == {(LONDON, FULL): 1}
    assert house.call("POST", "/cases/{case_id}/withdrawal", HOLDER, body={}, case_id=CASE).status == 200
    assert house.log.places == {(LONDON, FULL): 0}


# The review began on Monday 23 November. One of its five working days is used when the applicant is asked on Tuesday;
# four are left from the Monday, three weeks later, on which they have answered.
ASKED_ON, ANSWERED_ON, DUE = "2026-11-24", "2026-12-14", "2026-12-18"


def test_the_days_until_the_interview_are_not_the_review_s(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(claimed())
    _it_is(monkeypatch, ASKED_ON)
    assert asks(house, None).status == 200
    _it_is(monkeypatch, ANSWERED_ON)
    assert notes(house).status == 200
    assert read(house.log, CASE).due == DUE


def test_the_days_until_the_correction_are_not_the_review_s(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(claimed())
    _it_is(monkeypatch, ASKED_ON)
    wanted = {"items": [{"item": "sections/trip", "reason": "Where will you stay?"}]}
    path = "/desk/cases/{case_id}/correction-request"
    assert house.call("POST", path, officer("examiner"), body=wanted, case_id=CASE).status == 200
    _it_is(monkeypatch, ANSWERED_ON)
    mended = Walk(CASE, house.log.actions(CASE))
    trip = {**GOOD["trip"], "lodging_name": "Hotel Momiji"}
    mended.do(commands.save_section, walking.APPLICANT, section="trip", answers=trip)
    mended.do(commands.correct, walking.APPLICANT, item="sections/trip", **walking.AGAIN)
    mended.do(commands.start_stage, stage="evidence", due=None)
    house.log.histories[CASE] = mended.actions
    doors()["review"]({"do": "wait_for_decision", "case_id": CASE, "token": "token-review-2"}, None)
    after = read(house.log, CASE)
    assert (after.status, after.due, after.tasks["review"].due) == ("in_review", DUE, DUE)


def _it_is(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Have the afternoon of a day at every door that is called from now on."""
    moment = datetime.fromisoformat(f"{day}T06:00").replace(tzinfo=UTC)

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz)

    for module in (door, modules()["review"]):
        monkeypatch.setattr(module, "datetime", Then)
