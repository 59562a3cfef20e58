"""Whatever order, however often and however late: one payment, and no money that nobody answers for."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ryoji.payments import PaymentFacts
from tests.unit.payments.recording import Log, facts, started

INTENTS = ("pi_1", "pi_2", "pi_3")


def life(intent: str, refunded: int, **more: Any) -> list[PaymentFacts]:
    """All that the gateway may say of one payment while it goes through: any of it may arrive at any time."""
    return [
        facts(intent, status="requires_payment_method"),
        facts(intent, status="requires_payment_method", declined="insufficient_funds"),
        facts(intent, status="requires_action"),
        facts(intent, status="processing"),
        facts(intent, **more),
        facts(intent, refunded=refunded, **more),
    ]


WORDS = [word for intent in INTENTS for word in life(intent, 15900)]
WORDS += [*life("pi_unknown", 0), facts("pi_2", received=1), facts("pi_3", currency="usd")]

heard = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(["withdraw", "start", "demand"])), max_size=40
)


def tell(log: Log, happening: PaymentFacts | str) -> None:
    if isinstance(happening, PaymentFacts):
        log.hear(happening)
    elif happening == "withdraw" and not log.count("withdrawn"):
        log.append("withdrawn")
    elif happening == "start" and log.payment.payable and log.count("payment_started") < len(INTENTS):
        log.start(INTENTS[log.count("payment_started")])
    elif happening == "demand" and not log.payment.closed and log.count("fee_due") < 3:
        log.demand()


@given(heard)
def test_at_most_one_payment_for_a_demand(happenings: list[PaymentFacts | str]) -> None:
    log = started()
    for happening in happenings:
        tell(log, happening)
    paid = [action for action in log.actions if action.kind == "paid"]
    assert len(paid) == len(set(log.payment.paid.values())), "one payment for each demand"
    assert len({action.body["payment_intent"] for action in paid}) == len(paid)


@given(heard)
def test_hearing_everything_again_adds_nothing(happenings: list[PaymentFacts | str]) -> None:
    log = started()
    for happening in happenings:
        tell(log, happening)
    words = [happening for happening in happenings if isinstance(happening, PaymentFacts)]
    for word in words:
        log.hear(word)
    money = [action for action in log.actions if action.kind != "payment_failed"]
    for word in words:
        log.hear(word)
    assert [action for action in log.actions if action.kind != "payment_failed"] == money


@given(st.permutations(life("pi_1", 0)), st.lists(st.sampled_from(life("pi_1", 0))))
def test_any_order_and_any_repetition_of_one_payment_ends_paid(
    order: list[PaymentFacts], again: list[PaymentFacts]
) -> None:
    log = started()
    for word in [*order, *again]:
        log.hear(word)
    assert log.payment.status == "paid"
    assert log.count("paid") == 1


@given(st.permutations([*life("pi_1", 15900)[-2:], "withdraw"]))
def test_a_withdrawal_that_races_with_the_money_leaves_nobody_out_of_pocket(
    order: list[PaymentFacts | str],
) -> None:
    log = started()
    for happening in order:
        tell(log, happening)
    payment = log.payment
    assert log.count("paid") + log.count("refund_due") == 1
    assert payment.refunded == {"pi_1": 15900}
