"""What is over before it can be issued is not approved, not charged and not issued; what was paid for it goes back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import sealing
from ryoji.cases import commands
from ryoji.cases.case import Case
from ryoji.cases.log import read
from ryoji.cases.references import reference_of
from ryoji.cases.waits import newly_settled
from ryoji.doors import permissions
from ryoji.doors.correspondence import write
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE, FIRST, SECOND, Walk
from tests.unit.catalogue.test_sections import GOOD
from tests.unit.doors.calling import HOLDER, Answer, House, doors, modules, officer
from tests.unit.doors.conftest import Today
from tests.unit.issuance.sealing import Ministry

YESTERDAY, TODAY, TOMORROW = "2026-11-22", "2026-11-23", "2026-11-24"
LATER = "2026-12-05"
EXPIRY, DEPARTURE = "/sections/travel_document/expiry_date", "/sections/trip/departure_date"


def reviewed(procedure: str = "visa-tourism", *, leaves: str = LATER, expires: str = "2033-01-09") -> Walk:
    """A visa that the first officer holds, for a journey that ends on a day, with a passport that expires on a day."""
    opened = {"procedure": procedure, "version": "2026-04-01", "language": "en", "email": "a@example.org"}
    walk = Walk().do(commands.open_draft, APPLICANT, holder=walking.HOLDER, **opened)
    answers: dict[str, dict[str, Any]] = {
        "traveller": {**GOOD["traveller"], "country_of_residence": "GBR"},
        "travel_document": {**GOOD["travel_document"], "expiry_date": expires},
        "trip": {**GOOD["trip"], "arrival_date": "2026-11-01", "departure_date": leaves},
        "mission": {**GOOD["mission"], "office": "mission-united-kingdom", "language": "en"},
    }
    for section, given in answers.items():
        walk.do(commands.save_section, APPLICANT, section=section, answers=given)
    sent = {"digest": "d" * 64, "signed_digest": "d" * 64, "signature": None, "identity": None}
    place = {"reference": reference_of(CASE), "desk": walking.DESK, "person": None}
    walk.do(commands.submit, APPLICANT, **sent, **place)
    walk.do(commands.start_stage, stage="evidence", due=None)
    walk.do(commands.start_stage, stage="review", due="2026-12-01")
    walk.do(commands.open_task, task="review", token="token-review-1", due="2026-12-01")
    return walk.do(commands.claim, officer=FIRST)


def approved(walk: Walk) -> Walk:
    said = {"outcome": "approve", "ground": None, "reasons": None, "note": None, "grounds": frozenset[str]()}
    walk.do(commands.propose, officer=FIRST, **said)
    return walk.do(commands.decide, officer=SECOND, outcome="approve", note=None)


def paid(walk: Walk) -> Walk:
    """Approved, paid, and in the stage in which it is issued."""
    approved(walk).do(commands.start_stage, stage="payment", due="2026-12-23")
    walk.do(commands.fix_fee, fee=walking.FEE).do(commands.start_payment, APPLICANT, payment_intent="pi_1")
    walk.do(commands.hear_of_payment, facts=walking.intent_facts(), event="evt_1")
    return walk.do(commands.start_stage, stage="issuance", due=None)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("collect_fee", "issue_permission", "review"):
        monkeypatch.setattr(modules()[name], "datetime", Today)


def step(name: str, **event: Any) -> dict[str, Any]:
    told: dict[str, Any] = doors()[name](event, SimpleNamespace(function_name=name, aws_request_id="1"))
    return told


def case_of(house: House) -> Case:
    return read(house.log, CASE)


def at_desk(house: House, deed: str, who: str, role: str) -> Answer:
    path, body = f"/desk/cases/{{case_id}}/{deed}", {"outcome": "approve"}
    return house.call("POST", path, officer(role, subject=who), body=body, case_id=CASE)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"leaves": YESTERDAY}, [DEPARTURE]),
        ({"leaves": YESTERDAY, "expires": YESTERDAY}, [EXPIRY, DEPARTURE]),
        ({"procedure": "visa-business", "leaves": YESTERDAY, "expires": YESTERDAY}, [EXPIRY]),
    ],
)
def test_what_is_over_is_neither_proposed_nor_approved(
    house: House, change: dict[str, str], fields: list[str]
) -> None:
    house.keep(reviewed(**change))
    told = at_desk(house, "proposal", "officer-1", "examiner")
    assert (told.status, told.json["code"]) == (409, "too_late_to_approve")
    assert [error["pointer"] for error in told.json["errors"]] == fields
    assert all("." in error["detail"] for error in told.json["errors"])


def test_what_was_over_since_the_proposal_is_not_approved(house: House) -> None:
    said = {"outcome": "approve", "ground": None, "reasons": None, "note": None, "grounds": frozenset[str]()}
    house.keep(reviewed(leaves=YESTERDAY).do(commands.propose, officer=FIRST, **said))
    told = at_desk(house, "decision", "officer-2", "approver")
    assert (told.status, told.json["code"]) == (409, "too_late_to_approve")
    path, body = "/desk/cases/{case_id}/decision", {"outcome": "send_back"}
    back = house.call("POST", path, officer("approver", subject="officer-2"), body=body, case_id=CASE)
    assert back.status == 200


@pytest.mark.parametrize("change", [{"leaves": TODAY}, {"procedure": "visa-business", "leaves": YESTERDAY}])
def test_a_journeys_last_day_counts_and_years_outlive_a_journey(house: House, change: dict[str, str]) -> None:
    house.keep(reviewed(**change))
    assert at_desk(house, "proposal", "officer-1", "examiner").status == 200
    assert at_desk(house, "decision", "officer-2", "approver").status == 200


def test_a_refusal_is_never_too_late(house: House) -> None:
    house.keep(reviewed(leaves=YESTERDAY))
    body = {"outcome": "refuse", "ground": "purpose"}
    path = "/desk/cases/{case_id}/proposal"
    assert house.call("POST", path, officer("examiner"), body=body, case_id=CASE).status == 200


def falls_due(house: House) -> Case:
    step("collect_fee", do="wait_for_payment", case_id=CASE, token="payment-1")
    return case_of(house)


@pytest.mark.parametrize(
    ("change", "last"),
    [
        ({}, LATER),
        ({"leaves": "2027-01-20"}, "2026-12-23"),
        ({"leaves": LATER, "expires": TOMORROW}, TOMORROW),
    ],
)
def test_a_fee_is_to_be_paid_while_what_it_is_for_is_of_use(
    house: House, change: dict[str, str], last: str
) -> None:
    house.keep(approved(reviewed(**change)))
    case = falls_due(house)
    assert case.payment.due is not None
    assert (case.payment.due.by, case.due, case.tasks["payment"].due) == (last, last, last)


def test_nothing_falls_due_for_what_is_over_and_the_machine_goes_on(house: House) -> None:
    house.keep(approved(reviewed(leaves=YESTERDAY)))
    case = falls_due(house)
    assert (case.status, case.payment.due) == ("lapsed", None)
    actions = house.log.actions(CASE)
    over = [each for n in range(1, len(actions) + 1) for each in newly_settled(actions, n)]
    assert ("payment-1", "ended") in [(task.token, outcome) for task, outcome in over]
    assert "your journey or your passport ended" in write(case, "lapsed", "email").body


def test_nothing_is_paid_for_what_is_over_by_then(house: House) -> None:
    walk = approved(reviewed(leaves=YESTERDAY)).do(commands.start_stage, stage="payment", due=TODAY)
    house.keep(walk.do(commands.fix_fee, fee=walking.FEE))
    told = house.call("POST", "/cases/{case_id}/payment", HOLDER, body={}, case_id=CASE)
    assert (told.status, told.json["code"]) == (409, "payment.too_late")


@pytest.mark.parametrize(
    "change",
    [{"leaves": YESTERDAY}, {"procedure": "visa-business", "leaves": YESTERDAY, "expires": YESTERDAY}],
)
def test_what_was_paid_for_what_cannot_be_issued_goes_back_and_nothing_hangs(
    house: House, change: dict[str, str]
) -> None:
    house.keep(paid(reviewed(**change)))
    assert step("issue_permission", do="issue", case_id=CASE) == {"outcome": "ended"}
    case = case_of(house)
    assert (case.status, case.permission) == ("lapsed", None)
    assert case.payment.owed_back == {"pi_1": walking.FEE["total"]}
    assert house.log.summaries[CASE]["status"] == "lapsed"
    before = len(house.log.actions(CASE))
    assert step("issue_permission", do="issue", case_id=CASE) == {"outcome": "ended"}
    assert len(house.log.actions(CASE)) == before


def test_on_the_last_day_it_is_issued(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ministry = Ministry()
    monkeypatch.setattr(sealing, "seal", lambda issued, _rules, _now: ministry.seal(issued))
    monkeypatch.setattr(permissions, "publish", lambda _case: None)
    house.keep(paid(reviewed(leaves=TODAY, expires=TODAY)))
    assert step("issue_permission", do="issue", case_id=CASE) == {"outcome": "issued"}
    held = case_of(house).permission
    assert held is not None
    assert (held["valid_from"], held["valid_until"]) == (TODAY, TODAY)


def test_no_programme_grants_to_a_passport_that_has_expired(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = reviewed("authorization-indonesia", expires=YESTERDAY)
    sent = next(n for n, action in enumerate(walk.actions, 1) if action.kind == "stage_started")
    walk = Walk(CASE, walk.actions[:sent])
    house.keep(walk)
    monkeypatch.setattr("ryoji.cases.grants.checks_wanted", lambda *_: frozenset())
    assert step("review", do="grant_if_clear", case_id=CASE) == {"outcome": "review"}
    assert not case_of(house).granted
