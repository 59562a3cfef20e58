"""A mended application is sent again: judged as complete as at first, and what was derived is derived anew."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ryoji.adapters import keys
from ryoji.cases import commands
from ryoji.cases.case import Case
from ryoji.cases.log import read
from ryoji.doors.texts import catalogue
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, FIRST, NOON
from tests.unit.doors.calling import HOLDER, Answer, House, officer

SAVE, MENDED = "/cases/{case_id}/sections/{section}", "/cases/{case_id}/correction"
CHILD = {**walking.PERSON, "birth_date": "2017-04-08"}
GUARDIAN = {
    "family_name": "山田",
    "given_name": "誠",
    "birth_date": "1985-09-30",
    "address": "東京都千代田区霞が関2-2-1",
    "relation": "father",
    "phone": "03-1234-5678",
}


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "keyed_hash", lambda data: hashlib.sha256(data).hexdigest())


def asked(house: House, *items: str) -> None:
    """A case whose applicant is asked to mend these."""
    walk = walking.claimed().do(
        commands.request_correction,
        officer=FIRST,
        items=[{"item": item, "reason": "Please look again."} for item in items],
        known=frozenset(items),
        by="2027-02-23",
    )
    house.keep(walk)


def saved(house: House, section: str, answers: dict[str, Any]) -> Answer:
    return house.call("PUT", SAVE, HOLDER, body={"answers": answers}, case_id=CASE, section=section)


def said(house: House, item: str) -> Answer:
    return house.call("POST", MENDED, HOLDER, body={"item": item}, case_id=CASE)


def now(house: House) -> Case:
    return read(house.log, CASE)


def other_office() -> Any:
    """An office of another desk that takes passports."""
    taking = catalogue().offices_for(catalogue().definition_on("passport-renewal", NOON.date()))
    return next(office for office in taking if office.desk != walking.DESK and office.kind == "prefecture")


def test_another_person_and_another_office_are_another_hash_and_another_desk(house: House) -> None:
    asked(house, "sections/person", "sections/collection")
    before = now(house)
    office = other_office()
    assert saved(house, "person", {**walking.PERSON, "birth_date": "1991-03-04"}).status == 200
    assert said(house, "sections/person").json["status"] == "correction"
    assert now(house).person == before.person
    assert saved(house, "collection", {"office": office.code, "language": "ja"}).status == 200
    assert said(house, "sections/collection").json["status"] == "checking"
    after = now(house)
    key = "\x1f".join(walking.PERSON[name] for name in ("family_name_kana", "given_name_kana"))
    assert after.person == hashlib.sha256(f"{key}\x1f1991-03-04\x1ffemale".encode()).hexdigest()
    assert (after.desk, after.claimed_by) == (office.desk, None)
    assert after.digest != before.digest
    # The new desk's officers see it, and those of the old one no longer do.
    path = "/desk/cases/{case_id}"
    assert house.call("GET", path, officer("examiner", desk=office.desk), case_id=CASE).status == 200
    assert house.call("GET", path, officer("examiner"), case_id=CASE).status == 404
    assert house.log.summaries[CASE]["desk"] == office.desk


def test_what_a_corrected_answer_makes_necessary_is_asked_for_and_may_be_filled(house: House) -> None:
    asked(house, "sections/person")
    assert saved(house, "guardian", GUARDIAN).status == 409  # nobody asked for it, yet
    saved(house, "person", CHILD)
    answer = said(house, "sections/person")
    assert (answer.status, answer.json["status"]) == (200, "correction")
    items = {item["item"]: item for item in answer.json["correction"]["items"]}
    assert items["sections/person"]["done"]
    assert not items["sections/guardian"]["done"]
    assert items["sections/guardian"]["reason"]
    assert "." not in items["sections/guardian"]["reason"].strip(".")
    needed = [item for item in items if item.startswith("documents/")]
    assert saved(house, "guardian", GUARDIAN).status == 200
    for document in needed:
        walk = walking.Walk(CASE, house.log.actions(CASE))
        walk.do(
            commands.receive_document,
            walking.APPLICANT,
            document=document.partition("/")[2],
            **walking.upload(document.partition("/")[2]),
        )
        house.log.histories[CASE] = walk.actions
        assert said(house, document).status == 200
    # A child has no passport for ten years: what was chosen before is open again, too.
    answer = said(house, "sections/guardian")
    open_items = [item["item"] for item in answer.json["correction"]["items"] if not item["done"]]
    assert open_items == ["sections/renewal"]
    saved(house, "renewal", {**walking.SECTIONS["renewal"], "validity": "5"})
    assert said(house, "sections/renewal").json["status"] == "checking"
    kinds = [action.kind for action in house.log.actions(CASE)]
    assert kinds.count("correction_extended") == 2
    assert kinds[-2:] == ["resubmitted", "corrected"]


def test_an_item_that_breaks_a_rule_itself_is_refused_with_its_field(house: House) -> None:
    asked(house, "sections/person", "sections/renewal")
    saved(house, "renewal", {**walking.SECTIONS["renewal"], "validity": "5"})
    said(house, "sections/renewal")
    saved(house, "person", CHILD)
    said(house, "sections/person")
    for item in [each for each in now(house).correction if each.startswith("documents/")]:
        walk = walking.Walk(CASE, house.log.actions(CASE))
        name = item.partition("/")[2]
        walk.do(commands.receive_document, walking.APPLICANT, document=name, **walking.upload(name))
        house.log.histories[CASE] = walk.actions
        said(house, item)
    saved(house, "guardian", {**GUARDIAN, "address": None})
    answer = said(house, "sections/guardian")
    assert (answer.status, answer.json["code"]) == (409, "incomplete")
    assert [error["pointer"] for error in answer.json["errors"]] == ["/sections/guardian/address"]
    assert now(house).status == "correction"
    saved(house, "guardian", GUARDIAN)
    assert said(house, "sections/guardian").json["status"] == "checking"
