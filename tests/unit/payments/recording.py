"""A case's log, as small as the payment domain needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ryoji.payments import FeeItem, PaymentDue, PaymentFacts, Verdict, fold, judge
from ryoji.payments.payment import Payment

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
ITEMS = [
    {"code": "passport_10_state", "amount": 14000, "beneficiary": "state", "label": "…"},
    {"code": "passport_10_prefecture", "amount": 1900, "beneficiary": "prefecture:14"},
]


def payment_due(
    items: Iterable[FeeItem | Mapping[str, Any]], currency: str, by: date, source: str
) -> PaymentDue:
    """What is due for these lines of the fee table; `source` names the table and the year that they were read from."""
    lines = tuple(FeeItem.model_validate(item) for item in items)
    return PaymentDue(
        items=lines,
        total=sum(line.owed for line in lines),
        currency=currency.lower(),
        by=by.isoformat(),
        source=source,
    )


@dataclass(frozen=True)
class Recorded:
    """One action."""

    kind: str
    sequence: int
    at: datetime
    body: dict[str, Any]


@dataclass
class Log:
    """Actions are appended and never changed."""

    actions: list[Recorded] = field(default_factory=list)

    def append(self, kind: str, **body: Any) -> None:
        sequence = len(self.actions) + 1
        self.actions.append(Recorded(kind, sequence, NOON + timedelta(minutes=sequence), body))

    def demand(self) -> None:
        self.append("fee_due", **payment_due(ITEMS, "JPY", NOON.date(), "FY2025").body())

    def start(self, intent: str) -> None:
        self.append("payment_started", payment_intent=intent, amount=15900, currency="jpy")

    def hear(self, facts: PaymentFacts, event: str = "evt_1") -> tuple[Verdict, ...]:
        verdicts = judge(facts, self.payment, event)
        for verdict in verdicts:
            self.append(verdict.kind, **verdict.body)
        return verdicts

    @property
    def payment(self) -> Payment:
        return fold(self.actions)

    def count(self, kind: str) -> int:
        return sum(action.kind == kind for action in self.actions)


def facts(intent: str = "pi_1", status: str = "succeeded", **more: Any) -> PaymentFacts:
    """What the gateway says; a success has received everything unless said otherwise."""
    received = 15900 if status == "succeeded" else 0
    said = {
        "payment_intent": intent,
        "case_id": "01J",
        "status": status,
        "amount": 15900,
        "received": received,
        "currency": "jpy",
        "seen_at": NOON,
    }
    return PaymentFacts.model_validate({**said, **more})


def started() -> Log:
    """A case whose fee is due and whose payment has begun."""
    log = Log()
    log.demand()
    log.start("pi_1")
    return log
