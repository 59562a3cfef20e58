"""A programme that was written as one file is applied for, granted, issued and asked about like those before it.

And a visa for whom the fee is nothing: nobody is asked to pay, and it is issued.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import sealing
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.cases.waits import newly_settled
from ryoji.catalogue.compile import compile_catalogue
from ryoji.doors import carriers, permissions, texts
from ryoji.doors.correspondence import event_of
from ryoji.permissions.entry import entry_rules
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, FIRST, SECOND, Walk
from tests.unit.catalogue.test_programmes import PROCEDURES, answers, written
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, House, doors, modules
from tests.unit.doors.conftest import Today
from tests.unit.doors.test_carriers import ENTRY, SETTINGS, ask, passenger
from tests.unit.issuance.sealing import Ministry

CHECKS = ("portrait", "travel_document", "faces", "screening")


@pytest.fixture
def programme(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The doors read a catalogue that has one file more."""
    beside = tmp_path / "compiled"
    shutil.copytree(compiled, beside)
    compile_catalogue(written(tmp_path), beside / "ryoji-catalogue.json")
    monkeypatch.setenv("RYOJI_COMPILED", str(beside))
    texts.catalogue.cache_clear()
    yield "authorization-philippines"
    texts.catalogue.cache_clear()


def drafted(
    house: House,
    programme: str,
    state: str,
    *,
    title: str | None = "Philippines",
    living_in: str | None = None,
) -> str:
    answer = house.call("POST", "/cases", HOLDER, body={"procedure": programme, "language": "en"})
    assert title in (None, answer.json["title"])
    case_id = str(answer.json["case_id"])
    given = {**GOOD, **answers(state)}
    given["mission"] = {**given["mission"], "office": "mission-united-kingdom"}
    given["traveller"] = {**given["traveller"], "country_of_residence": living_in or state}
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


def checked(walk: Walk, desk: str = "authorizations") -> None:
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(walk.case_id), "desk": desk, "person": "person-hash"}
    walk.do(commands.submit, APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    for check in CHECKS:
        found: dict[str, Any] = {"finding": walking.finding(check), "door": "chain"}
        walk.do(commands.record_finding, **found, document=None, upload_id=None)


def test_a_case_of_it_is_granted_without_a_person(house: House, programme: str) -> None:
    case_id = drafted(house, programme, "PHL")
    complete = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    assert complete.status == 200, complete.text
    goes_on(house, case_id, checked)
    event = {"do": "grant_if_clear", "case_id": case_id}
    told = doors()["review"](event, SimpleNamespace(function_name="review", aws_request_id="1"))
    assert told["outcome"] == "approved"
    assert read(house.log, case_id).granted


@pytest.fixture
def ministry(house: House, cloud: None, monkeypatch: pytest.MonkeyPatch) -> Ministry:
    """Seals are made in memory; register and inquiry are tables in this process."""
    del house, cloud
    made = Ministry()
    for name in ("issue_permission", "collect_fee", "enter_stage"):
        monkeypatch.setattr(modules()[name], "datetime", Today)
    permissions.register.cache_clear()
    monkeypatch.setattr(sealing, "seal", lambda issued, _rules, _now: made.seal(issued))
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: SETTINGS)
    monkeypatch.setattr(carriers, "rules", lambda: entry_rules(ENTRY))
    return made


def step(name: str, **event: Any) -> dict[str, Any]:
    """What a step of the machine answers."""
    context = SimpleNamespace(function_name=name, aws_request_id="1")
    told: dict[str, Any] = doors()[name](event, context)
    return told


def pays_nothing(house: House, case_id: str) -> None:
    """The wait for the payment is over as soon as it is opened."""
    step("collect_fee", do="wait_for_payment", case_id=case_id, token="payment-1")
    actions = house.log.actions(case_id)
    over = [each for n in range(1, len(actions) + 1) for each in newly_settled(actions, n)]
    assert ("payment", "paid") in [(task.task, outcome) for task, outcome in over]


def is_issued(house: House, case_id: str) -> dict[str, Any]:
    assert step("enter_stage", do="enter", case_id=case_id, stage="issuance")["outcome"] == "entered"
    assert step("issue_permission", do="issue", case_id=case_id)["outcome"] == "issued"
    shown = house.call("GET", "/cases/{case_id}/permission", HOLDER, case_id=case_id)
    assert (shown.status, shown.json["status"]) == (200, "active")
    held: dict[str, Any] = shown.json
    return held


@pytest.mark.usefixtures("ministry")
def test_an_airline_is_told_to_board_whom_the_new_programme_let_in(house: House, programme: str) -> None:
    case_id = drafted(house, programme, "PHL")
    document = read(house.log, case_id).sections["travel_document"]["number"]
    born = read(house.log, case_id).sections["traveller"]["birth_date"]

    def boards() -> str:
        asked = passenger(document, issuing_state="PHL", nationality="PHL", birth_date=born)
        return str(ask(house, asked).json["answers"][0]["answer"])

    assert boards() == "NO_BOARD"
    goes_on(house, case_id, checked)
    assert step("review", do="grant_if_clear", case_id=case_id)["outcome"] == "approved"
    assert boards() == "NO_BOARD"
    pays_nothing(house, case_id)
    held = is_issued(house, case_id)
    assert held["programme"] == "philippines"
    assert boards() == "OK_TO_BOARD"


@pytest.fixture
def free_of_charge(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """By reciprocity a visa costs nationals of the Philippines nothing: a rate and a line of the definition."""
    folder, beside = tmp_path / "procedures", tmp_path / "compiled"
    shutil.copytree(PROCEDURES, folder)
    shutil.copytree(compiled, beside)
    fees = folder / "fees" / "visa.yaml"
    rate = "  - {items: [visa_single_india, visa_multiple_india]"
    assert rate in fees.read_text()
    fees.write_text(fees.read_text().replace("amount: 832", "amount: 0"))
    tourism = folder / "visa" / "tourism.yaml"
    tourism.write_text(
        tourism.read_text().replace(
            "answers.traveller.nationality}, IND]", "answers.traveller.nationality}, PHL]"
        )
    )
    compile_catalogue(folder, beside / "ryoji-catalogue.json")
    monkeypatch.setenv("RYOJI_COMPILED", str(beside))
    texts.catalogue.cache_clear()
    yield
    texts.catalogue.cache_clear()


@pytest.mark.usefixtures("ministry", "free_of_charge")
def test_a_visa_that_costs_nothing_is_issued_without_a_payment(house: House) -> None:
    case_id = drafted(house, "visa-tourism", "PHL", title=None, living_in="GBR")
    goes_on(house, case_id, approved)
    pays_nothing(house, case_id)
    case = read(house.log, case_id)
    assert case.payment.due is not None
    assert (case.payment.due.total, case.status) == (0, "payment")
    paying = house.call(
        "POST",
        "/cases/{case_id}/payment",
        HOLDER,
        body={},
        headers={"Idempotency-Key": "pay-nothing-1"},
        case_id=case_id,
    )
    assert (paying.status, paying.json["code"]) == (409, "payment.nothing_due")
    due = next(action for action in house.log.actions(case_id) if action.kind == "fee_due")
    assert event_of(due.kind, {"body": json.dumps(due.body)}) is None
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=case_id).json
    assert "pay" not in shown["may"]
    is_issued(house, case_id)


def test_who_has_to_pay_is_told() -> None:
    (fee,) = [action for action in walking.payment().actions if action.kind == "fee_due"]
    assert event_of(fee.kind, {"body": json.dumps(fee.body)}) == "payment_due"


def approved(walk: Walk) -> None:
    """Sent, checked, proposed by one officer and approved by another."""
    checked(walk)
    walk.do(commands.start_stage, stage="review", due=None)
    walk.do(commands.open_task, task="review", token="review-1", due=None)
    walk.do(commands.claim, walking.officer(FIRST), officer=FIRST)
    said = {"outcome": "approve", "ground": None, "reasons": None, "note": None, "grounds": walking.GROUNDS}
    walk.do(commands.propose, walking.officer(FIRST), officer=FIRST, **said)
    walk.do(commands.decide, walking.officer(SECOND), officer=SECOND, outcome="approve", note=None)


def test_who_is_not_eligible_is_told(house: House, programme: str) -> None:
    case_id = drafted(house, programme, "IDN")
    answer = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    assert answer.status == 409
    assert "not_eligible" in {each["code"] for each in answer.json["errors"]}
