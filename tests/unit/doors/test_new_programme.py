"""A programme is applied for, granted, paid for, issued and asked about, by the machine and the doors themselves.

Those that there are, and one that was written as one file, with a fee of its own or free. Only the pictures are not
looked at. And a visa for whom the fee is nothing: nobody is asked to pay, and it is issued.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import keys, mark_table, objects, sealing, watch_list_store
from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.cases.waits import newly_settled, stage_to_go_on_from
from ryoji.catalogue.compile import compile_catalogue
from ryoji.catalogue.entry import programmes_of
from ryoji.doors import carriers, permissions, screening, texts
from ryoji.doors.correspondence import event_of, told_to, write
from ryoji.evidence.finding import Finding
from ryoji.permissions.entry import entry_rules
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, FIRST, SECOND, Walk
from tests.unit.catalogue.test_programmes import PROCEDURES, answers, written
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, House, doors, goes_on, modules
from tests.unit.doors.conftest import Today
from tests.unit.doors.machine import Machine
from tests.unit.doors.test_carriers import ENTRY, SETTINGS, ask, passenger
from tests.unit.doors.test_screening import Asked
from tests.unit.issuance.sealing import Ministry

CHECKS = ("portrait", "travel_document", "faces", "screening")
# Each function that the machine calls, in order, where nobody but the applicant has anything to do.
GRANTED = [
    "enter_stage", "check_identity", "check_travel_document", "check_portrait", "compare_faces", "screen_applicant",
    "review", "collect_fee", "enter_stage", "issue_permission",
]  # fmt: skip
Reads = Callable[[Path], None]


@pytest.fixture
def reads(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """Have the doors read the catalogue of another folder."""
    beside = tmp_path / "compiled"

    def change(folder: Path) -> None:
        shutil.copytree(compiled, beside)
        compile_catalogue(folder, beside / "ryoji-catalogue.json")
        monkeypatch.setenv("RYOJI_COMPILED", str(beside))
        texts.catalogue.cache_clear()

    yield change
    texts.catalogue.cache_clear()


def drafted(
    house: House,
    programme: str,
    state: str,
    *,
    title: str | None = None,
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


def checked(walk: Walk, desk: str = "authorizations") -> None:
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(walk.case_id), "desk": desk, "person": "person-hash"}
    walk.do(commands.submit, APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    for check in CHECKS:
        found: dict[str, Any] = {"finding": walking.finding(check), "door": "chain"}
        walk.do(commands.record_finding, **found, document=None, upload_id=None)


@pytest.fixture
def ministry(house: House, cloud: None, monkeypatch: pytest.MonkeyPatch) -> Ministry:
    """Seals are made in memory; register and inquiry are tables in this process."""
    del house, cloud
    made = Ministry()
    for name in ("issue_permission", "collect_fee", "enter_stage", "review"):
        monkeypatch.setattr(modules()[name], "datetime", Today)
    permissions.register.cache_clear()
    monkeypatch.setattr(sealing, "seal", lambda issued, _rules, _now: made.seal(issued))
    monkeypatch.setattr(carriers, "partner", lambda *_, **__: SETTINGS)
    monkeypatch.setattr(
        carriers, "rules", lambda: entry_rules(ENTRY, programmes_of(texts.catalogue().raw["procedures"]))
    )
    return made


@pytest.fixture
def good_pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every picture is what it should be; what a screening asks is in memory, and knows nobody."""
    for function, check in (
        ("check_portrait", "portrait"),
        ("compare_faces", "faces"),
        ("check_travel_document", "travel_document"),
    ):
        passed = Finding(check=check, outcome="pass", reasons=())
        monkeypatch.setattr(modules()[function], f"look_at_{check}", lambda *_, found=passed: found)
    asked = Asked()
    monkeypatch.setattr(keys, "keyed_hash", lambda what: what.hex()[-32:])
    monkeypatch.setattr(mark_table, "MarkTable", lambda *_: asked)
    monkeypatch.setattr(watch_list_store, "StoredWatchLists", lambda: asked)
    monkeypatch.setattr(objects, "clean", lambda key: key.encode())
    screening._rules.cache_clear()
    yield
    screening._rules.cache_clear()


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
    return in_force(house, case_id)


def in_force(house: House, case_id: str) -> dict[str, Any]:
    shown = house.call("GET", "/cases/{case_id}/permission", HOLDER, case_id=case_id)
    assert (shown.status, shown.json["status"]) == (200, "active")
    held: dict[str, Any] = shown.json
    return held


def sent(house: House, case_id: str) -> None:
    """The applicant confirms what is shown, and sends it."""
    shown = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    assert shown.status == 200, shown.text
    body = {"digest": shown.json["digest"]}
    answer = house.call("POST", "/cases/{case_id}/submission", HOLDER, body=body, case_id=case_id)
    assert (answer.status, answer.json["status"]) == (200, "checking"), answer.text


def pays(house: House, case_id: str, monkeypatch: pytest.MonkeyPatch, fee: int) -> None:
    """While the machine waits: the fee is told by letter and on the page, and paid at the gateway."""
    case = read(house.log, case_id)
    letter = write(case, "payment_due", "email")
    assert letter.subject.startswith("Your travel authorization has been approved")
    assert f"JPY {fee:,}" in letter.body
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=case_id).json
    assert ("pay" in shown["may"], shown["fee"]["total"]) == (True, fee)
    assert [line["label"] for line in shown["fee"]["items"]] == ["Fee"]
    gateway = SimpleNamespace(
        start=lambda _case, due, _key: (f"pi_{due.total}", "secret"),
        fetch=lambda intent: walking.intent_facts(intent=intent, amount=fee, received=fee, case_id=case_id),
    )
    monkeypatch.setattr(modules()["collect_fee"], "gateway", lambda: gateway)
    begun = house.call("POST", "/cases/{case_id}/payment", HOLDER, body={}, case_id=case_id)
    assert (begun.status, begun.json["amount"], begun.json["currency"]) == (200, fee, "jpy")
    assert step("collect_fee", do="reconcile", case_id=case_id)["outcome"] == "reconciled"


@pytest.mark.usefixtures("ministry", "good_pictures")
@pytest.mark.parametrize(
    ("programme", "state", "fee", "stay"),
    [
        ("philippines", "PHL", 1200, 14),
        ("philippines", "PHL", 0, 14),
        ("emirates", "ARE", 0, 30),
        ("indonesia", "IDN", 0, 15),
    ],
)
def test_an_airline_is_told_to_board_whom_the_programme_let_in(
    house: House,
    reads: Reads,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programme: str,
    state: str,
    fee: int,
    stay: int,
) -> None:
    reads(written(tmp_path, fee=fee > 0))
    case_id = drafted(house, f"authorization-{programme}", state)
    document = read(house.log, case_id).sections["travel_document"]["number"]
    born = read(house.log, case_id).sections["traveller"]["birth_date"]

    def boards() -> str:
        asked = passenger(document, issuing_state=state, nationality=state, birth_date=born)
        return str(ask(house, asked).json["answers"][0]["answer"])

    assert boards() == "NO_BOARD"
    sent(house, case_id)
    machine = Machine(house, case_id)
    if fee:
        machine.meanwhile["wait_for_payment"] = partial(pays, house, case_id, monkeypatch, fee)
    stage = stage_to_go_on_from(read(house.log, case_id))
    assert machine.run("authorization", str(stage)) == "issued"
    assert machine.taken == GRANTED
    case = read(house.log, case_id)
    assert case.granted
    assert case.payment.due is not None
    assert (case.payment.due.total, case.payment.paid_by) == (fee, "pi_1200" if fee else None)
    held = in_force(house, case_id)
    assert (held["programme"], held["stay_days"]) == (programme, stay)
    assert (held["valid_from"], held["valid_until"]) == ("2026-11-23", "2029-11-22")
    assert boards() == "OK_TO_BOARD"


@pytest.fixture
def free_of_charge(tmp_path: Path, reads: Reads) -> None:
    """By reciprocity a visa costs nationals of the Philippines nothing: a rate and a line of the definition."""
    folder = tmp_path / "procedures"
    shutil.copytree(PROCEDURES, folder)
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
    reads(folder)


@pytest.mark.usefixtures("ministry", "free_of_charge")
def test_a_visa_that_costs_nothing_is_issued_without_a_payment(house: House) -> None:
    case_id = drafted(house, "visa-tourism", "PHL", living_in="GBR")
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
    assert told_to(case, "payment_due") == []
    shown = house.call("GET", "/cases/{case_id}", HOLDER, case_id=case_id).json
    assert "pay" not in shown["may"]
    is_issued(house, case_id)


def test_who_has_to_pay_is_told() -> None:
    walk = walking.payment()
    (fee,) = [action for action in walk.actions if action.kind == "fee_due"]
    assert event_of(fee.kind, {"body": json.dumps(fee.body)}) == "payment_due"
    assert told_to(walk.case, "payment_due") == [("holder", "email"), ("holder", "portal")]


def approved(walk: Walk) -> None:
    """Sent, checked, proposed by one officer and approved by another."""
    checked(walk)
    walk.do(commands.start_stage, stage="review", due=None)
    walk.do(commands.open_task, task="review", token="review-1", due=None)
    walk.do(commands.claim, walking.officer(FIRST), officer=FIRST)
    said = {"outcome": "approve", "ground": None, "reasons": None, "note": None, "grounds": walking.GROUNDS}
    walk.do(commands.propose, walking.officer(FIRST), officer=FIRST, **said)
    walk.do(commands.decide, walking.officer(SECOND), officer=SECOND, outcome="approve", note=None)


def test_who_is_not_eligible_is_told(house: House, reads: Reads, tmp_path: Path) -> None:
    reads(written(tmp_path))
    case_id = drafted(house, "authorization-philippines", "IDN", title="Philippines")
    answer = house.call("GET", "/cases/{case_id}/submission", HOLDER, case_id=case_id)
    assert answer.status == 409
    assert "not_eligible" in {each["code"] for each in answer.json["errors"]}
