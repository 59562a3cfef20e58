"""Who comes back to a payment that was begun is told how it stands at the gateway, whatever event was lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ryoji.cases import commands
from ryoji.payments.due import PaymentDue
from ryoji.payments.facts import PaymentFacts
from tests.unit.cases import walking
from tests.unit.cases.walking import APPLICANT, CASE
from tests.unit.doors.calling import HOLDER, Answer, House, modules


@dataclass
class Gateway:
    """A gateway that knows how one intent stands, and makes others."""

    status: str
    started: list[str] = field(default_factory=list)

    def fetch(self, intent: str) -> PaymentFacts:
        """How it stands."""
        return walking.intent_facts(self.status, intent)

    def client_secret(self, intent: str) -> str:
        """The secret of one that is there."""
        return f"{intent}_secret"

    def start(self, case_id: str, due: PaymentDue, key: str) -> tuple[str, str]:
        """Another one."""
        self.started.append(key)
        return "pi_2", "pi_2_secret"


def back(house: House, monkeypatch: pytest.MonkeyPatch, gateway: Gateway) -> Answer:
    house.keep(walking.payment().do(commands.start_payment, APPLICANT, payment_intent="pi_1"))
    monkeypatch.setattr(modules()["collect_fee"], "gateway", lambda: gateway)
    return house.call("POST", "/cases/{case_id}/payment", HOLDER, body={}, case_id=CASE)


def test_it_was_paid_and_nobody_had_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = back(house, monkeypatch, Gateway("succeeded"))
    assert answer.status == 409
    assert house.log.actions(CASE)[-1].kind == "paid"


def test_it_can_still_be_paid_with_the_same_secret(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(walking.payment().do(commands.start_payment, APPLICANT, payment_intent="pi_1").actions)
    answer = back(house, monkeypatch, Gateway("requires_payment_method"))
    assert (answer.status, answer.json["client_secret"]) == (200, "pi_1_secret")
    assert len(house.log.actions(CASE)) == before


def test_it_was_cancelled_there_and_another_is_made(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway("canceled")
    answer = back(house, monkeypatch, gateway)
    assert (answer.status, answer.json["payment_intent"]) == (200, "pi_2")
    assert len(gateway.started) == 1
    assert [action.kind for action in house.log.actions(CASE)][-2:] == ["payment_failed", "payment_started"]
