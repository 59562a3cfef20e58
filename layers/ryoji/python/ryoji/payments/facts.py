"""What the gateway says, in our words: a nudge (event) and what is the case now (facts)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

IntentStatus = Literal[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "requires_capture",
    "processing",
    "succeeded",
    "canceled",
]


class GatewayEvent(BaseModel):
    """A webhook whose signature held. Events come twice, late and out of order: it only says where to look.

    `case_id` is what our own metadata says; an event about something that is not ours has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    event_id: str
    type: str
    at: datetime
    payment_intent: str | None
    case_id: str | None


class PaymentFacts(BaseModel):
    """What is the case with one payment at the gateway, now. Amounts in the currency's smallest unit.

    `received` and `refunded` count what has really moved; `declined` is our reason code for the last attempt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    payment_intent: str
    case_id: str | None
    status: IntentStatus
    amount: int = Field(ge=0)
    received: int = Field(ge=0)
    currency: str
    refunded: int = Field(default=0, ge=0)
    refund_failed: bool = False
    disputed: bool = False
    declined: str | None = None
    seen_at: datetime
