"""A programme that was written as one file is applied for, filled in and granted like those that were there before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.catalogue.compile import compile_catalogue
from ryoji.doors import texts
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, Walk
from tests.unit.catalogue.test_programmes import answers, written
from tests.unit.doors.calling import HOLDER, House, doors

CHECKS = ("portrait", "travel_document", "faces", "screening")


@pytest.fixture
def programme(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The doors read a catalogue that has one file more."""
    beside = tmp_path / "compiled"
    shutil.copytree(compiled, beside)
    compile_catalogue(written(tmp_path), beside / "ryoji-catalogue.json")
    monkeypatch.setenv("RYOJI_COMPILED", str(beside))
    texts.catalogue.cache_clear()
    yield "authorization-brunei"
    texts.catalogue.cache_clear()


def drafted(house: House, programme: str, state: str) -> str:
    answer = house.call("POST", "/cases", HOLDER, body={"procedure": programme, "language": "en"})
    assert answer.json["title"] == "Brunei"
    case_id = str(answer.json["case_id"])
    given = answers(state)
    for section in answer.json["sections"]:
        saved = house.call(
            "PUT",
            "/cases/{case_id}/sections/{section}",
            HOLDER,
            body={"answers": given[section["id"]]},
            case_id=case_id,
            section=section["id"],
        )
        assert saved.status == 200, saved.text
    goes_on(house, case_id, lambda walk: [_received(walk, each) for each in ("portrait", "passport_page")])
    return case_id


def _received(walk: Walk, document: str) -> Walk:
    return walk.do(commands.receive_document, APPLICANT, document=document, **walking.upload(document))


def goes_on(house: House, case_id: str, steps: Any) -> None:
    """Continue a case's history by commands that no door has to give here."""
    known = house.log.actions(case_id)
    walk = Walk(case_id, known)
    steps(walk)
    house.log.append(walk.case, walk.actions[len(known) :])


def checked(walk: Walk) -> None:
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(walk.case_id), "desk": "authorizations", "person": "person-hash"}
    walk.do(commands.submit, APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    for check in CHECKS:
        found: dict[str, Any] = {"finding": walking.finding(check), "door": "chain"}
        walk.do(commands.record_finding, **found, document=None, upload_id=None)


def test_a_case_of_it_is_granted_without_a_person(house: House, programme: str) -> None:
    case_id = drafted(house, programme, "BRN")
    complete = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    assert complete.status == 200, complete.text
    goes_on(house, case_id, checked)
    event = {"do": "grant_if_clear", "case_id": case_id}
    told = doors()["review"](event, SimpleNamespace(function_name="review", aws_request_id="1"))
    assert told["outcome"] == "approved"
    assert read(house.log, case_id).granted


def test_who_is_not_eligible_is_told(house: House, programme: str) -> None:
    case_id = drafted(house, programme, "IDN")
    answer = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    assert answer.status == 409
    assert "not_eligible" in {each["code"] for each in answer.json["errors"]}
