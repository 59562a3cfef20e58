"""The payment of a case, folded from the case's actions; and the keys that make asking twice harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from ryoji.payments.due import PaymentDue

Status = Literal["none", "due", "started", "paid", "refund_due", "refunded", "closed"]


class Happened(Protocol):
    """An action of a case, as far as the payment reads it (`ryoji.cases.actions.Action` is one)."""

    @property
    def kind(self) -> str:
        """What happened, e.g. `fee_due` or `paid`."""

    @property
    def sequence(self) -> int:
        """Its place in the case."""

    @property
    def at(self) -> datetime:
        """When, UTC."""

    @property
    def body(self) -> Mapping[str, Any]:
        """What the kind says."""


@dataclass
class Payment:
    """Everything that was asked for and everything that came, by PaymentIntent."""

    due: PaymentDue | None = None
    dues: dict[int, PaymentDue] = field(default_factory=dict)
    intents: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    paid_by: str | None = None
    paid_at: datetime | None = None
    declined: dict[str, str] = field(default_factory=dict)
    flags: set[tuple[str, str]] = field(default_factory=set)
    refunds_due: dict[str, int] = field(default_factory=dict)
    refunded: dict[str, int] = field(default_factory=dict)
    closed: str | None = None

    @property
    def intent(self) -> str | None:
        """The intent to go on paying with: the latest of this due, unless the gateway cancelled it."""
        usable = [intent for intent in self._of_this_due if self.declined.get(intent) != "canceled"]
        return usable[-1] if usable else None

    @property
    def attempt(self) -> int:
        """How many intents this due has had and lost."""
        return len(self._of_this_due)

    @property
    def _of_this_due(self) -> list[str]:
        sequence = self.due.sequence if self.due else None
        return [intent for intent, of in self.intents.items() if of == sequence]

    @property
    def still_open(self) -> list[str]:
        """The intents of a closed case that somebody may still pay: neither paid nor known to be cancelled."""
        if not self.closed:
            return []
        over = {*self.paid, *self.refunds_due, *(i for i, why in self.declined.items() if why == "canceled")}
        return [intent for intent in self.intents if intent not in over]

    @property
    def owed_back(self) -> dict[str, int]:
        """What is still to be refunded, by intent."""
        open_amounts = {
            intent: amount - self.refunded.get(intent, 0) for intent, amount in self.refunds_due.items()
        }
        return {intent: amount for intent, amount in open_amounts.items() if amount > 0}

    @property
    def to_refund(self) -> dict[str, int]:
        """What is owed back and the gateway has not failed to give back: what it has is for a person to see to."""
        owed = self.owed_back.items()
        return {intent: amount for intent, amount in owed if (intent, "refund_failed") not in self.flags}

    @property
    def payable(self) -> bool:
        """Whether the applicant may pay now."""
        return self.due is not None and self.due.total > 0 and self.paid_by is None and not self.closed

    @property
    def status(self) -> Status:
        """One word for the page. A duplicate that must go back does not make a paid fee unpaid."""
        if self.paid_by:
            return self._of_money(self.paid_by) or "paid"
        if self.owed_back:
            return "refund_due"
        if self.closed or self.due is None:
            return "refunded" if self.refunded else "closed" if self.closed else "none"
        return "started" if self.intent else "due"

    def _of_money(self, intent: str) -> Status | None:
        if intent in self.owed_back:
            return "refund_due"
        return "refunded" if self.refunded.get(intent) else None


def fold(actions: Iterable[Happened]) -> Payment:
    """What became of the fee; actions that are not about money are passed over."""
    payment = Payment()
    for action in actions:
        apply = _APPLY.get(action.kind)
        if apply:
            apply(payment, action)
    return payment


def start_key(case_id: str, payment: Payment) -> str:
    """The idempotency key of making this due's intent: the same until that intent is known to be lost."""
    sequence = payment.due.sequence if payment.due else 0
    return f"{case_id}.{sequence}.{payment.attempt}.start"


def refund_key(case_id: str, payment_intent: str, payment: Payment) -> str:
    """The idempotency key of refunding what is owed back: the same until that much has gone back."""
    return f"{case_id}.{payment_intent}.{payment.refunded.get(payment_intent, 0)}.refund"


def _fee_due(payment: Payment, action: Happened) -> None:
    due = PaymentDue.model_validate({**action.body, "sequence": action.sequence})
    payment.due, payment.dues[due.sequence] = due, due
    payment.paid_by, payment.paid_at, payment.closed = None, None, None


def _started(payment: Payment, action: Happened) -> None:
    payment.intents[action.body["payment_intent"]] = payment.due.sequence if payment.due else 0


def _failed(payment: Payment, action: Happened) -> None:
    payment.declined[action.body["payment_intent"]] = action.body["reason"]


def _paid(payment: Payment, action: Happened) -> None:
    payment.paid_by, payment.paid_at = action.body["payment_intent"], action.at
    payment.paid[payment.paid_by] = payment.due.sequence if payment.due else 0


def _flagged(payment: Payment, action: Happened) -> None:
    payment.flags.add((action.body["payment_intent"], action.body["reason"]))


def _refund_due(payment: Payment, action: Happened) -> None:
    intent = action.body["payment_intent"]
    payment.refunds_due[intent] = payment.refunds_due.get(intent, 0) + action.body["amount"]


def _refunded(payment: Payment, action: Happened) -> None:
    intent = action.body["payment_intent"]
    payment.refunded[intent] = payment.refunded.get(intent, 0) + action.body["amount"]


def _ended(payment: Payment, action: Happened) -> None:
    payment.closed = action.kind


def _decided(payment: Payment, action: Happened) -> None:
    if action.body["outcome"] == "refuse":
        payment.closed = "refused"


_APPLY: dict[str, Callable[[Payment, Happened], None]] = {
    "fee_due": _fee_due,
    "payment_started": _started,
    "payment_failed": _failed,
    "paid": _paid,
    "payment_mismatch": _flagged,
    "refund_due": _refund_due,
    "refunded": _refunded,
    "withdrawn": _ended,
    "lapsed": _ended,
    "decided": _decided,
}
