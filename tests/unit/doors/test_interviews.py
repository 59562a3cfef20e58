"""An interview has a time within the mission's hours, told to the traveller on the page and in the message."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.doors.correspondence import write
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, Answer, House, officer

LONDON = "mission-united-kingdom"


def claimed() -> Walk:
    """A tourist's case at the embassy in London, which the first officer holds."""
    opened = {
        "procedure": "visa-tourism",
        "version": "2026-04-01",
        "language": "en",
        "email": "a@example.org",
    }
    walk = Walk().do(commands.open_draft, walking.APPLICANT, holder=walking.HOLDER, **opened)
    for section in ("traveller", "travel_document", "trip"):
        walk.do(commands.save_section, section=section, answers=GOOD[section])
    mission = {**GOOD["mission"], "office": LONDON, "language": "en"}
    walk.do(commands.save_section, section="mission", answers=mission)
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": "RJ-0000-0001", "desk": walking.DESK, "person": None}
    walk.do(commands.submit, walking.APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    walk.do(commands.open_task, task="review", token="token-review-1", due="2026-12-01")
    return walk.do(commands.claim, walking.officer(walking.FIRST), officer=walking.FIRST)


def asks(house: House, start: str | None) -> Answer:
    body: dict[str, Any] = {"text": "Please bring the itinerary."} | ({"start": start} if start else {})
    return house.call(
        "POST",
        "/desk/cases/{case_id}/interview",
        officer("examiner"),
        body=body,
        headers={"Idempotency-Key": "interview-1"},
        case_id=CASE,
    )


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
