"""What a webhook means, case by case."""

from __future__ import annotations

import pytest

from ryoji.cases.action_bodies import BODIES
from ryoji.payments import fold, refund_key, start_key
from tests.unit.payments.recording import Log, facts, started


def kinds(log: Log) -> list[str]:
    return [action.kind for action in log.actions]


def test_money_that_is_due_pays_once() -> None:
    log = started()
    assert [verdict.kind for verdict in log.hear(facts())] == ["paid"]
    assert log.hear(facts(), "evt_2") == ()
    assert log.payment.status == "paid"
    assert log.payment.intent == "pi_1"
    assert not log.payment.payable


def test_a_second_intent_for_a_paid_fee_is_owed_back_and_the_fee_stays_paid() -> None:
    log = started()
    log.start("pi_2")
    log.hear(facts("pi_1"))
    [verdict] = log.hear(facts("pi_2"))
    assert verdict.kind == "refund_due"
    assert verdict.body == {
        "payment_intent": "pi_2",
        "amount": 15900,
        "currency": "jpy",
        "reason": "duplicate",
    }
    assert log.payment.status == "paid"
    assert log.payment.owed_back == {"pi_2": 15900}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"received": 100}, "amount"),
        ({"currency": "usd"}, "currency"),
        ({"intent": "pi_9"}, "unknown_intent"),
    ],
)
def test_money_that_does_not_match_is_flagged_once_and_pays_nothing(
    wrong: dict[str, object], reason: str
) -> None:
    log = started()
    [verdict] = log.hear(facts(**wrong))  # type: ignore[arg-type]  # any of its fields
    assert (verdict.kind, verdict.body["reason"]) == ("payment_mismatch", reason)
    assert log.hear(facts(**wrong)) == ()  # type: ignore[arg-type]  # any of its fields
    assert log.payment.status == "started"


@pytest.mark.parametrize(
    ("ending", "reason"),
    [("withdrawn", "late_withdrawn"), ("lapsed", "late_lapsed"), ("refused", "late_refused")],
)
def test_money_that_comes_after_the_end_is_owed_back(ending: str, reason: str) -> None:
    log = started()
    if ending == "refused":
        log.append("decided", outcome="refuse")
    else:
        log.append(ending)
    [verdict] = log.hear(facts())
    assert (verdict.kind, verdict.body["reason"]) == ("refund_due", reason)
    assert log.payment.owed_back == {"pi_1": 15900}
    log.hear(facts(refunded=15900))
    assert log.payment.status == "refunded"
    assert log.hear(facts()) == ()


def test_money_for_an_earlier_demand_is_owed_back() -> None:
    log = started()
    log.demand()
    assert log.payment.intent is None
    [verdict] = log.hear(facts())
    assert verdict.body["reason"] == "superseded"
    assert log.payment.payable


def test_a_declined_card_is_recorded_once_a_reason_and_can_be_mended() -> None:
    log = started()
    declined = facts(status="requires_payment_method", declined="insufficient_funds")
    assert [verdict.kind for verdict in log.hear(declined)] == ["payment_failed"]
    assert log.hear(declined) == ()
    assert log.payment.intent == "pi_1"
    log.hear(facts())
    assert log.hear(declined) == ()
    assert log.payment.status == "paid"


def test_a_cancelled_intent_is_not_used_again() -> None:
    log = started()
    first = start_key("01J", fold(log.actions[:1]))
    log.hear(facts(status="canceled"))
    assert log.payment.intent is None
    assert log.payment.status == "due"
    assert start_key("01J", log.payment) != first


def test_waiting_for_the_bank_is_shown_and_not_recorded() -> None:
    log = started()
    waiting = facts(status="requires_action")
    assert log.hear(waiting) == ()


def test_a_refund_is_counted_upwards_only_and_one_that_nobody_decided_is_flagged() -> None:
    log = started()
    log.hear(facts())
    verdicts = log.hear(facts(refunded=5000))
    assert [verdict.kind for verdict in verdicts] == ["refunded", "payment_mismatch"]
    assert log.hear(facts(refunded=0)) == ()
    log.hear(facts(refunded=15900))
    assert log.payment.refunded == {"pi_1": 15900}


def test_a_refund_that_fails_and_a_dispute_go_to_an_officer() -> None:
    log = started()
    verdicts = log.hear(facts(disputed=True, refund_failed=True))
    assert [verdict.body.get("reason") for verdict in verdicts] == [None, "refund_failed", "disputed"]
    assert log.hear(facts(disputed=True, refund_failed=True)) == ()


def test_the_key_of_a_refund_changes_only_when_money_went_back() -> None:
    log = started()
    log.hear(facts())
    log.append("refund_due", payment_intent="pi_1", amount=15900, currency="jpy", reason="officer")
    key = refund_key("01J", "pi_1", log.payment)
    assert key == refund_key("01J", "pi_1", log.payment)
    log.hear(facts(refunded=100))
    assert refund_key("01J", "pi_1", log.payment) != key


def test_every_verdict_is_an_action_that_the_case_knows() -> None:
    log = started()
    log.start("pi_2")
    log.hear(facts("pi_2", status="requires_payment_method", declined="card_declined"))
    log.hear(facts("pi_1", refunded=1))
    log.hear(facts("pi_2"))
    assert {"payment_failed", "paid", "refunded", "payment_mismatch", "refund_due"} <= set(kinds(log))
    for action in log.actions:
        BODIES[action.kind].model_validate(action.body)
