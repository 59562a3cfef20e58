"""The fee falls due and is paid by card; the signed webhook says when it was."""

# Long because paying has its routes and its three steps (fall due, give back, ask the gateway); each is thin.

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.cases import (
    by_system,
    command,
    definition_of,
    due_of,
    facts_now,
    fee_of,
    read_for,
    table,
    today_at_office,
)
from ryoji.doors.door import Call, Door, Empty
from ryoji.doors.payments import gateway
from ryoji.errors import Refused

if TYPE_CHECKING:
    from ryoji.payments.facts import PaymentFacts

door = Door("collect_fee")


@door.route("POST", "/cases/{case_id}/payment", "case.pay", body=Empty, answer="PaymentToConfirm", once=True)
def pay(call: Call, case_id: str) -> dict[str, Any]:
    """The one PaymentIntent of the fee, made or found again; the browser confirms it."""
    from ryoji.cases.permit import is_too_late
    from ryoji.payments import start_key

    case = _standing(call, case_id)
    commands.must_be(case, "payment")
    payment = case.payment
    if not payment.due or not payment.payable:
        raise Refused("payment.nothing_due")
    if is_too_late(case, definition_of(case).permit, ministry_day(call.now)):
        raise Refused("payment.too_late")
    stripe = gateway()
    if payment.intent:
        intent, secret = payment.intent, stripe.client_secret(payment.intent)
    else:
        intent, secret = stripe.start(case_id, payment.due, start_key(case_id, payment))
        started = command(call, case_id, lambda now: commands.start_payment(now, payment_intent=intent))
        standing = started.payment.intent
        if standing and standing != intent:
            # Somebody was first: what was made here is shown to nobody, so nobody can pay it.
            intent, secret = standing, stripe.client_secret(standing)
    return {
        "payment_intent": intent,
        "client_secret": secret,
        "amount": payment.due.total,
        "currency": payment.due.currency,
    }


def _standing(call: Call, case_id: str) -> Case:
    """The case, after the gateway was asked about a payment that was begun: it may be paid, and its event be lost."""
    case = read_for(call, case_id)
    return _asked(case, "return") if case.payment.payable else case


@door.route("GET", "/cases/{case_id}/receipt", "case.read", answer="Receipt")
def show_receipt(call: Call, case_id: str) -> dict[str, Any]:
    """The record of a payment."""
    from ryoji.doors.views import Reader, receipt_view
    from ryoji.payments import receipt

    case = read_for(call, case_id)
    reader = Reader(definition_of(case), facts_now(case, call.now), call.language, call.now)
    return receipt_view(receipt(case.payment, case.reference or ""), reader)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`wait_for_payment`: the fee falls due; `refund`: what is owed goes back; `reconcile`: the gateway is asked.

    `close`: what can still be paid for a case that has ended is closed.
    """
    if event["do"] in ("refund", "reconcile", "close"):
        return {"refund": _refund, "reconcile": _reconcile, "close": _close}[event["do"]](event["case_id"])
    now = datetime.now(UTC)

    def judge(case: Case) -> list[NewAction]:
        due = _due(case, now)
        return [
            *commands.start_stage(case, stage="payment", due=due),
            *_fix_fee(case, due, now),
            *commands.open_task(case, task="payment", token=event["token"], due=due),
        ]

    by_system(event["case_id"], judge, step="collect_fee", now=now)
    return {"outcome": "waiting"}


def _fix_fee(case: Case, due: str | None, now: datetime) -> list[NewAction]:
    """The fee falls due; where nothing could be issued any more nothing is charged, and the case lapses."""
    from ryoji.cases.permit import is_too_late

    if is_too_late(case, definition_of(case).permit, ministry_day(now)):
        return commands.lapse_unissued(case)
    return commands.fix_fee(case, fee={**fee_of(case), "by": due or today_at_office(case, now).isoformat()})


def _due(case: Case, now: datetime) -> str | None:
    """The last day to pay: not past the day on which what is paid for loses its use."""
    from ryoji.cases.permit import last_day_to_issue

    due, last = due_of(case, "payment", now), last_day_to_issue(case, definition_of(case).permit)
    return min(due, last.isoformat()) if due and last else due


def _reconcile(case_id: str) -> dict[str, Any]:
    from ryoji.cases.log import read

    _asked(read(table(), case_id), "reconciliation")
    return {"outcome": "reconciled"}


def _asked(case: Case, event: str) -> Case:
    """The case, after the gateway was asked how the payment stands that was begun."""
    intent = case.payment.intent
    return _hear(case.case_id, gateway().fetch(intent), event) if intent else case


def _close(case_id: str) -> dict[str, Any]:
    from ryoji.cases.log import read

    for intent in read(table(), case_id).payment.still_open:
        # Too late, and the gateway says that it was paid: then it is owed back.
        _hear(case_id, gateway().cancel(intent), "closing")
    return {"outcome": "closed"}


def _refund(case_id: str) -> dict[str, Any]:
    from ryoji.cases.log import read
    from ryoji.payments import refund_key

    payment = read(table(), case_id).payment
    for intent, amount in payment.owed_back.items():
        _hear(case_id, gateway().refund(intent, amount, refund_key(case_id, intent, payment)), "refund")
    return {"outcome": "refunded"}


def _hear(case_id: str, facts: PaymentFacts, event: str) -> Case:
    """Record what the gateway answered, as far as the case does not know it yet."""
    return by_system(
        case_id,
        lambda case: commands.hear_of_payment(case, facts=facts, event=event),
        step="collect_fee",
    )
