"""What the payer may keep: a record of the payment, which is not the mission's receipt (領収証書), and says so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ryoji.catalogue.ministry_days import ministry_day
from ryoji.errors import NotFound
from ryoji.payments.due import FeeItem
from ryoji.payments.payment import Payment

# The yen fee is paid to the Minister and not to the mission, so there is no mission receipt; the card's issuer
# may add an exchange fee [found: L4 art 1(5)(6), L2 art 5(6), embassy pages]. Texts: `receipt.note.<code>`.
NOTES = ("no_mission_receipt", "exchange_fee")


class Receipt(BaseModel):
    """`payer` is the case's reference and never a name: whoever shows the receipt is known by the case."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    number: str
    issued_on: date
    payer: str
    items: tuple[FeeItem, ...]
    total: int
    currency: str
    method: Literal["card"] = "card"
    paid_at: datetime
    refunded: int
    notes: tuple[str, ...]


def receipt(payment: Payment, reference: str) -> Receipt:
    """The receipt of a paid fee; raises NotFound when nothing was paid. Asked twice, it is the same one."""
    due, paid_at = payment.due, payment.paid_at
    if due is None or payment.paid_by is None or paid_at is None:
        raise NotFound("payment.no_receipt")
    return Receipt(
        number=receipt_number(paid_at, reference, list(payment.dues).index(due.sequence) + 1),
        issued_on=ministry_day(paid_at),
        payer=reference,
        items=due.items,
        total=due.total,
        currency=due.currency,
        paid_at=paid_at,
        refunded=payment.refunded.get(payment.paid_by, 0),
        notes=NOTES,
    )


def receipt_number(paid_at: datetime, reference: str, ordinal: int) -> str:
    """`<fiscal year>-<case reference>-<nth demand>`: unique, without a counter that everybody would wait for."""
    return f"{fiscal_year(paid_at)}-{reference}-{ordinal}"


def fiscal_year(at: datetime) -> int:
    """The Japanese state's fiscal year, which begins on 1 April (財政法 art 11)."""
    day = ministry_day(at)
    return day.year if day.month >= 4 else day.year - 1
