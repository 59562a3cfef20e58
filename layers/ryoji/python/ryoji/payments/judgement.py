"""What the gateway's word adds to a case. It may say the same thing ten times, late, or an old thing last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ryoji.payments.facts import PaymentFacts
from ryoji.payments.payment import Payment

SWEEP = "sweep"


@dataclass(frozen=True)
class Verdict:
    """One thing that happened, ready to be recorded: an action's kind and body."""

    kind: str
    body: dict[str, Any]


def judge(facts: PaymentFacts, payment: Payment, event: str = SWEEP) -> tuple[Verdict, ...]:
    """What happened that the case does not know yet; nothing when it all does.

    Judged by what *is* the case at the gateway, never by the order in which events came, so a lost event is made
    good by any later one or by the nightly look (`event` = "sweep"). Record the verdicts and judge again on
    conflict. Money is taken for the fee once; other money is owed back or flagged for an officer.
    """
    return (
        *_money_in(facts, payment, event),
        *_failure(facts, payment),
        *_money_back(facts, payment),
        *_trouble(facts, payment),
    )


def _money_in(facts: PaymentFacts, payment: Payment, event: str) -> Iterator[Verdict]:
    if facts.status != "succeeded" or facts.received == 0 or _accounted(facts, payment):
        return
    wrong = _mismatch(facts, payment)
    if wrong:
        yield _flag(facts, wrong)
        return
    unneeded = _unneeded(facts, payment)
    if unneeded:
        yield Verdict("refund_due", {**_sum(facts, facts.received), "reason": unneeded})
        return
    yield Verdict("paid", {**_sum(facts, facts.received), "event": event})


def _accounted(facts: PaymentFacts, payment: Payment) -> bool:
    intent = facts.payment_intent
    flagged = any((intent, reason) in payment.flags for reason in ("unknown_intent", "amount", "currency"))
    return intent in payment.paid or intent in payment.refunds_due or flagged


def _mismatch(facts: PaymentFacts, payment: Payment) -> str | None:
    sequence = payment.intents.get(facts.payment_intent)
    due = payment.dues.get(sequence) if sequence is not None else None
    if due is None:
        return "unknown_intent"
    if facts.currency != due.currency:
        return "currency"
    return "amount" if facts.received != due.total else None


def _unneeded(facts: PaymentFacts, payment: Payment) -> str | None:
    """Why money that is right in itself must go back (過誤納金), or None when it is what was waited for."""
    if payment.due is None or payment.intents[facts.payment_intent] != payment.due.sequence:
        return "superseded"
    if payment.paid_by:
        return "duplicate"
    return f"late_{payment.closed}" if payment.closed else None


def _failure(facts: PaymentFacts, payment: Payment) -> Iterator[Verdict]:
    # A refusal that arrives after the money, or about an intent that is no longer used, is history.
    if facts.payment_intent != payment.intent or not payment.payable:
        return
    reason = "canceled" if facts.status == "canceled" else facts.declined
    failed = facts.status in {"requires_payment_method", "canceled"}
    if failed and reason and payment.declined.get(facts.payment_intent) != reason:
        yield Verdict("payment_failed", {"payment_intent": facts.payment_intent, "reason": reason})


def _money_back(facts: PaymentFacts, payment: Payment) -> Iterator[Verdict]:
    known = payment.refunded.get(facts.payment_intent, 0)
    # Only ever upwards: facts that were read before a refund and arrive after it say less, and say it late.
    if facts.refunded <= known:
        return
    yield Verdict("refunded", _sum(facts, facts.refunded - known))
    allowed = payment.refunds_due.get(facts.payment_intent, 0)
    if facts.refunded > allowed and not _flagged(facts, payment, "refund_not_due"):
        yield _flag(facts, "refund_not_due")


def _trouble(facts: PaymentFacts, payment: Payment) -> Iterator[Verdict]:
    for reason, present in (("refund_failed", facts.refund_failed), ("disputed", facts.disputed)):
        if present and not _flagged(facts, payment, reason):
            yield _flag(facts, reason)


def _flagged(facts: PaymentFacts, payment: Payment, reason: str) -> bool:
    return (facts.payment_intent, reason) in payment.flags


def _flag(facts: PaymentFacts, reason: str) -> Verdict:
    return Verdict("payment_mismatch", {"payment_intent": facts.payment_intent, "reason": reason})


def _sum(facts: PaymentFacts, amount: int) -> dict[str, Any]:
    return {"payment_intent": facts.payment_intent, "amount": amount, "currency": facts.currency}
