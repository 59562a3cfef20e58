"""A passport that does not say the day of birth, from the form to the airline: what is open stays open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ryoji.adapters import trust_store
from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.doors import carriers, permissions, seals
from ryoji.evidence.screening.subject import subject_of
from ryoji.evidence.travel_document.check import TypedPassport, check_travel_document
from ryoji.evidence.travel_document.document import format_mrz, parse_mrz
from ryoji.evidence.travel_document.lines import OcrLine
from ryoji.evidence.travel_document.reader import read_mrz
from ryoji.issuance.printed import compare_printed
from ryoji.issuance.zone import visa_zone
from ryoji.permissions.entry import entry_rules
from tests.unit.cases import walking
from tests.unit.cases.test_visas import PERMISSION
from tests.unit.cases.walking import CASE
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, House, modules
from tests.unit.doors.test_carriers import ENTRY, SETTINGS, ask, passenger
from tests.unit.issuance.sealing import RULES, VISA, Ministry

OPEN = "1956-XX-XX"
TODAY = date(2026, 11, 23)


def test_the_form_takes_it_and_the_register_answers_for_it(
    house: House, cloud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cloud
    permissions.register.cache_clear()
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: SETTINGS)
    monkeypatch.setattr(carriers, "rules", lambda: entry_rules(ENTRY))
    walk = walking.Walk().do(
        commands.open_draft,
        walking.APPLICANT,
        procedure="visa-tourism",
        version="2026-04-01",
        language="en",
        holder=walking.HOLDER,
        email=None,
    )
    house.keep(walk)
    told = house.call(
        "PUT",
        "/cases/{case_id}/sections/{section}",
        HOLDER,
        body={"answers": {**GOOD["traveller"], "nationality": "CHN", "birth_date": "1956-00-00"}},
        case_id=CASE,
        section="traveller",
    )
    (saved,) = (each["answers"] for each in told.json["sections"] if each["id"] == "traveller")
    assert saved["birth_date"] == OPEN

    issued = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    issued.then([happened("section_saved", section="traveller", answers=saved)])
    held = {**PERMISSION, "valid_from": "2026-11-01", "issuing_state": "CHN", "document": "E10000001"}
    permissions.publish(issued.do(commands.issue_permission, **held).case)
    for born, answer in ((OPEN, "OK_TO_BOARD"), ("560000", "INSUFFICIENT_DATA"), ("1956-01-01", "NO_BOARD")):
        assert ask(house, passenger(birth_date=born)).json["answers"][0]["answer"] == answer, born
    assert ask(house, passenger(birth_date="56<<<<")).json["answers"][0]["answer"] == "OK_TO_BOARD"


def test_a_printed_visa_leaves_it_open_and_agrees_with_its_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    visa = replace(VISA, birth_date=OPEN)
    first, second = visa_zone(visa, RULES)
    assert second[13:20] == "56<<<<3"
    assert parse_mrz(f"{first}\n{second}", TODAY).fields.birth_date == OPEN
    maker = Ministry()
    monkeypatch.setattr(trust_store, "published_list", maker.list)
    monkeypatch.setattr(seals, "seal_rules", lambda: RULES)
    seals.forget()
    content = {"birth_date": OPEN}
    compared = {each.field: each.outcome for each in compare_printed((first, second), content, "JPN").fields}
    assert compared["birth_date"] == "agrees"
    assert OPEN in maker.seal(visa)
    seals.forget()


@pytest.mark.parametrize(
    ("typed", "printed", "differs"),
    [(OPEN, OPEN, False), (OPEN, "1956-06-20", True), ("1956-06-XX", OPEN, False)],
)
def test_only_what_the_page_leaves_open_may_be_left_open(typed: str, printed: str, differs: bool) -> None:
    page = parse_mrz(
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", TODAY
    ).fields.model_copy(update={"birth_date": printed, "expiry_date": "2030-04-15"})
    reading = read_mrz([OcrLine(text=line) for line in format_mrz(page, "TD3")], TODAY)
    found = check_travel_document(reading, TypedPassport(birth_date=typed), TODAY)
    assert ("birth_date_differs" in {reason.code for reason in found.reasons}) == differs


def test_screening_asks_with_what_is_known() -> None:
    assert subject_of({"traveller": {**GOOD["traveller"], "birth_date": OPEN}}).birth_date == OPEN


def test_who_asks_for_the_status_says_it_as_in_the_form(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modules()["status"], "count_attempt", lambda *_, **__: 1)
    walk = walking.in_review()
    walk.then([happened("section_saved", section="person", answers={**walking.PERSON, "birth_date": OPEN})])
    house.keep(walk)
    for born, status in ((OPEN, 200), ("1956-00-00", 200), ("1956-01-01", 404)):
        body = {"reference": walk.case.reference, "birth_date": born}
        assert house.call("POST", "/status", body=body).status == status, born
