"""What an applicant owes: the fee of the day of acceptance, item by item, each with whom it belongs to."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ryoji.errors import Refused

# Abroad the fee is set in local currency and paid at the counter; only the fixed yen amounts go by card
# (領事官の徴収する手数料に関する政令 art 1(5)(6), 旅券法施行令 art 5(6)).
CARD_CURRENCIES = frozenset({"jpy"})


class FeeItem(BaseModel):
    """One line of a fee. What else the fee table says of it (label, rule) is carried along untouched.

    `amount` is in the currency's smallest unit (yen). `beneficiary` is `state` or the prefecture's code
    (`prefecture:14`): the two parts of a passport fee belong to different treasuries and are never netted.
    `waived` names the reason why the line is not asked for; the line stays, so that the receipt shows it.
    """

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    amount: int = Field(ge=0)
    code: str = "fee"
    beneficiary: str = "state"
    waived: str | None = None

    @property
    def owed(self) -> int:
        """What is asked for: nothing when the line is waived."""
        return 0 if self.waived else self.amount


class PaymentDue(BaseModel):
    """One demand. `sequence` is that of the action that made it and tells it from an earlier or a later one."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    sequence: int = 0
    items: tuple[FeeItem, ...]
    total: int = Field(ge=0)
    currency: str = Field(pattern="^[a-z]{3}$")
    by: str
    source: str

    @model_validator(mode="after")
    def _adds_up(self) -> PaymentDue:
        if self.total != sum(item.owed for item in self.items):
            raise ValueError("the total is not the sum of the items")
        return self

    def body(self) -> dict[str, Any]:
        """The body of the case's `fee_due` action."""
        return self.model_dump(mode="json", exclude={"sequence"})


def require_card(due: PaymentDue) -> None:
    """Raise Refused unless this can be paid by card at all: an amount, in a currency that cards are taken in."""
    if due.total == 0:
        raise Refused("payment.nothing_due")
    if due.currency not in CARD_CURRENCIES:
        raise Refused("payment.not_by_card", currency=due.currency)
