"""The person comes once: the officer confirms who it is, hands the book over and deals with the old one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.cases.slots import freed_if_early
from ryoji.doors.cases import by_system, command, desk_view, due_of
from ryoji.doors.door import Body, Call, Door

door = Door("hand_over")


class Handover(Body):
    """What became of the old passport, and the officer's word on who came."""

    old_passport: Literal["returned", "cancelled_and_given_back"]
    identity_confirmed: bool


@door.route(
    "POST", "/desk/cases/{case_id}/handover", "desk.counter", body=Handover, answer="DeskCase", once=True
)
def hand_over(call: Call, case_id: str) -> dict[str, Any]:
    """Hand the book over (旅券法 art 8)."""

    def judge(case: Case) -> list[NewAction]:
        return commands.hand_over(case, **call.body.model_dump())

    done = command(call, case_id, judge, slots=lambda case: freed_if_early(case, call.now))
    return desk_view(call, done)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`wait_for_collection`: uncollected, the book lapses at the definition's deadline (旅券法 art 18(1)2)."""
    now = datetime.now(UTC)

    def judge(case: Case) -> list[NewAction]:
        due = due_of(case, "handover", now)
        return [
            *commands.start_stage(case, stage="handover", due=due),
            *commands.open_task(case, task="handover", token=event["token"], due=due),
        ]

    by_system(event["case_id"], judge, step="hand_over", now=now)
    return {"outcome": "waiting"}
