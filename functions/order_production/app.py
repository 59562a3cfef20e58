"""The printing partner makes the book and registers its number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.doors.cases import by_system, command_by_partner, due_of
from ryoji.doors.door import Body, Call, Door
from ryoji.errors import FieldError, Invalid

door = Door("order_production")


class Result(Body):
    """A produced book, as the partner registers it."""

    book_number: str = Field(pattern="^[A-Z]{2}[0-9]{7}$")
    produced_on: date
    expires_on: date


@door.route(
    "POST", "/partner/production/{order_id}/result", "production.report", body=Result, answer="Registered"
)
def register(call: Call, order_id: str) -> dict[str, Any]:
    """The partner registers the book of an order; a repetition is answered alike."""
    if call.body.expires_on <= call.body.produced_on:
        raise Invalid("validation_failed", fields=(FieldError("/expires_on", "expiry_before_issue"),))
    book = call.body.model_dump(mode="json")
    command_by_partner(call, order_id, lambda case: commands.register_book(case, order_id=order_id, **book))
    return {"registered": True}


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Order the book (the partner's order is idempotent by its id) and wait."""
    case_id, now = event["case_id"], datetime.now(UTC)
    order_id = f"{case_id}.1"

    def enter(case: Case) -> list[NewAction]:
        due = due_of(case, "production", now)
        return [
            *commands.start_stage(case, stage="production", due=due),
            *commands.open_task(case, task="production", token=event["token"], due=due),
        ]

    by_system(case_id, enter, step="order_production", now=now)
    # The order is written down before it is sent: a repetition sends it again, and the partner knows its id.
    case = by_system(case_id, lambda now_: _ordered(now_, order_id), step="order_production", now=now)
    if case.order_id and not case.book and not case.ended:
        _send(case, order_id)
    return {"outcome": "waiting"}


def _ordered(case: Case, order_id: str) -> list[NewAction]:
    return [] if case.ended or case.book else commands.order_production(case, order_id=order_id)


def _send(case: Case, order_id: str) -> None:
    from ryoji.doors.production import order

    order(case, order_id)
