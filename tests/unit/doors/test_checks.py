"""A check at upload: what is known is told again, and recognition is asked once."""

from __future__ import annotations

from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.evidence.finding import Finding
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE
from tests.unit.doors.calling import HOLDER, House, modules, officer

CHECK = "/cases/{case_id}/documents/{document}/checks/portrait"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pictures that recognition was asked about."""
    seen: list[str] = []

    def look(held: Any) -> Finding:
        seen.append(held.upload_id)
        return Finding(check="portrait", outcome="pass", reasons=())

    monkeypatch.setattr(modules()["check_portrait"], "look_at_portrait", look)
    return seen


def test_asking_twenty_five_times_looks_once_and_records_once(house: House, looks: list[str]) -> None:
    before = len(house.keep(walking.draft()).actions)
    asked = [house.call("POST", CHECK, HOLDER, body={}, case_id=CASE, document="portrait") for _ in range(25)]
    assert {answer.status for answer in asked} == {200}
    assert {answer.json["finding"]["outcome"] for answer in asked} == {"pass"}
    assert looks == ["upload-portrait"]
    assert len(house.log.actions(CASE)) == before + 1


def test_another_picture_is_looked_at(house: House, looks: list[str]) -> None:
    walk = walking.draft()
    house.keep(walk)
    house.call("POST", CHECK, HOLDER, body={}, case_id=CASE, document="portrait")
    walk.actions = house.log.actions(CASE)
    walk.do(commands.receive_document, APPLICANT, document="portrait", **walking.upload("other"))
    house.log.histories[CASE] = walk.actions
    house.call("POST", CHECK, HOLDER, body={}, case_id=CASE, document="portrait")
    assert looks == ["upload-portrait", "upload-other"]


def test_a_full_history_is_said_before_anything_is_looked_at(
    house: House, looks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.keep(walking.draft())
    monkeypatch.setattr(commands, "MAX_ACTIONS", 3)
    answer = house.call("POST", CHECK, HOLDER, body={}, case_id=CASE, document="portrait")
    assert (answer.status, answer.json["code"], looks) == (409, "too_many_changes", [])


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("check", ["identity", "travel_document", "portrait", "faces", "screening"])
def test_what_a_machine_gave_up_on_is_told_to_the_officer_in_words(
    house: House, check: str, language: str
) -> None:
    house.keep(walking.checking())
    modules()["enter_stage"].take({"do": "record_unavailable", "case_id": CASE, "check": check})
    answer = house.call("GET", "/desk/cases/{case_id}", officer("examiner"), language=language, case_id=CASE)
    found = next(each for each in answer.json["findings"] if each["check"] == check)
    (reason,) = found["reasons"]
    assert (found["outcome"], reason["code"]) == ("unavailable", "could_not_be_made")
    for told in (reason["text"], reason["mend"]):
        assert not told.startswith("finding.")
