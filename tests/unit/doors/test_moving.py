"""What the stream has done for a new action; what could not be done comes again."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.adapters import machines
from ryoji.cases import commands
from ryoji.errors import Unavailable
from ryoji.payments.facts import PaymentFacts
from tests.unit.cases import test_recalled, walking
from tests.unit.cases.test_visas import CHANGE, PERMISSION
from tests.unit.cases.walking import CASE, Walk
from tests.unit.doors.calling import House, doors, modules


def issued() -> Walk:
    """A permission in force."""
    walk = walking.paid().do(commands.start_stage, stage="issuance", due=None)
    return walk.do(commands.issue_permission, **PERMISSION)


def revoked() -> Walk:
    """The same, revoked."""
    return issued().do(commands.change_permission, status="revoked", **CHANGE)


def owing() -> Walk:
    """Paid and taken back."""
    return walking.paid().do(commands.withdraw)


def begun() -> Walk:
    """Taken back while it could still be paid."""
    return walking.payment().do(commands.start_payment, payment_intent="pi_1").do(commands.withdraw)


def run_out() -> Walk:
    """Not paid in time, though it was begun."""
    walk = walking.payment().do(commands.start_payment, payment_intent="pi_1")
    return walk.do(commands.pass_deadline, task="payment", then="lapse")


def refused_after_all() -> Walk:
    """Refused on a hit that came to light when the payment was begun."""
    return test_recalled.refused(test_recalled.begun())


def record(kind: str, sequence: int) -> dict[str, Any]:
    """One record of the table's stream."""
    keys = {"case_id": {"S": CASE}, "item": {"S": f"A#{sequence:08}"}}
    image = {**keys, "kind": {"S": kind}}
    stream = {"Keys": keys, "NewImage": image, "SequenceNumber": str(sequence)}
    return {
        "eventID": str(sequence),
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": stream,
    }


def followed(house: House, walk: Walk, kind: str) -> list[str]:
    """Have the stream tell of the last action of a kind, and of the first one; the records that come again."""
    house.keep(walk)
    last = max(action.sequence for action in walk.actions if action.kind == kind)
    event = {"Records": [record("opened", 1), record(kind, last)]}
    context = SimpleNamespace(function_name="move_cases")
    answer = doors()["move_cases"](event, context)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What other functions were asked to do."""
    heard: list[tuple[str, str]] = []
    for name in ("publish", "refund", "close_payment"):
        monkeypatch.setattr(machines, name, lambda case, what=name: heard.append((what, case)))
    monkeypatch.setattr(machines, "complete", lambda *_: False)
    monkeypatch.setattr(modules()["move_cases"], "have_counted", lambda *_: None)
    return heard


WAYS = [
    (issued, "permission_issued", "publish"),
    (revoked, "permission_changed", "publish"),
    (owing, "refund_due", "refund"),
    (begun, "withdrawn", "close_payment"),
    (run_out, "lapsed", "close_payment"),
    (refused_after_all, "decided", "close_payment"),
]


@pytest.mark.parametrize(("walk", "kind", "what"), WAYS)
def test_register_and_gateway_are_told(
    house: House, asked: list[tuple[str, str]], walk: Any, kind: str, what: str
) -> None:
    assert followed(house, walk(), kind) == []
    assert asked == [(what, CASE)]


@pytest.mark.parametrize(("walk", "kind", "what"), WAYS)
def test_what_they_were_not_told_comes_again(
    house: House,
    asked: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    walk: Any,
    kind: str,
    what: str,
) -> None:
    def failing(_case: str) -> None:
        raise Unavailable("unavailable")

    monkeypatch.setattr(machines, what, failing)
    house_walk = walk()
    last = max(action.sequence for action in house_walk.actions if action.kind == kind)
    assert followed(house, house_walk, kind) == [str(last)]
    assert asked == []


@pytest.mark.parametrize("name", ["publish", "refund", "close_payment"])
def test_a_function_that_failed_has_not_done_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PERMISSION_FUNCTION", "issue")
    monkeypatch.setenv("PAYMENT_FUNCTION", "collect")
    answers: list[dict[str, Any]] = [
        {"StatusCode": 200, "Payload": BytesIO(b'{"outcome": "done"}')},
        {"StatusCode": 200, "Payload": BytesIO(b'{"outcome": "rejected"}')},
        {"StatusCode": 200, "Payload": BytesIO(b"{}"), "FunctionError": "Unhandled"},
    ]
    lambda_ = SimpleNamespace(invoke=lambda **_: answers.pop(0))
    monkeypatch.setattr(machines, "client", lambda _: lambda_)
    getattr(machines, name)(CASE)
    for _ in range(2):
        with pytest.raises(Unavailable):
            getattr(machines, name)(CASE)


@dataclass
class Gateway:
    """A gateway that cancels, or was paid before."""

    status: str
    closed: list[str] = field(default_factory=list)

    def cancel(self, intent: str) -> PaymentFacts:
        """What is the case with an intent after it was to be cancelled."""
        self.closed.append(intent)
        return walking.intent_facts(self.status, intent)


@pytest.mark.parametrize(("status", "last"), [("canceled", "withdrawn"), ("succeeded", "refund_due")])
def test_what_can_still_be_paid_is_closed_with_its_case(
    house: House, monkeypatch: pytest.MonkeyPatch, status: str, last: str
) -> None:
    house.keep(begun())
    gateway = Gateway(status)
    monkeypatch.setattr(modules()["collect_fee"], "gateway", lambda: gateway)
    done = doors()["collect_fee"](
        {"do": "close", "case_id": CASE}, SimpleNamespace(function_name="collect_fee")
    )
    assert done == {"outcome": "closed"}
    assert gateway.closed == ["pi_1"]
    assert house.log.actions(CASE)[-1].kind == last


def test_what_was_paid_or_is_still_waited_for_is_not_closed() -> None:
    assert walking.payment().do(commands.start_payment, payment_intent="pi_1").case.payment.still_open == []
    assert owing().case.payment.still_open == []
