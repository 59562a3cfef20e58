"""Cases through a door: the guard first, then the judgement, then one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ryoji.adapters.case_table import CaseTable
from ryoji.cases.access import require_on
from ryoji.cases.actions import Actor
from ryoji.cases.case import Case
from ryoji.cases.log import Judge, SlotChange, read, record
from ryoji.catalogue.definition import Definition
from ryoji.doors.door import Call
from ryoji.doors.texts import catalogue, texts


@cache
def table() -> CaseTable:
    """The case table."""
    return CaseTable()


def read_for(call: Call, case_id: str) -> Case:
    """A case that the caller may see, or NotFound as if it did not exist."""
    case = read(table(), case_id)
    require_on(call.caller, call.operation, case)
    return case


def command(
    call: Call,
    case_id: str,
    judge: Judge,
    *,
    slots: Callable[[Case], tuple[SlotChange, ...]] | None = None,
) -> Case:
    """Judge a caller's command and record what follows, once per idempotency key."""
    return record(
        table(),
        case_id,
        judge,
        by=call.actor,
        now=call.now,
        once=call.once,
        slots=slots,
        guard=lambda case: require_on(call.caller, call.operation, case),
    )


def by_system(case_id: str, judge: Judge, *, step: str, now: datetime | None = None) -> Case:
    """Judge what a step of the machine found and record what follows."""
    return record(table(), case_id, judge, by=Actor("system", step), now=now or datetime.now(UTC))


def definition_of(case: Case) -> Definition:
    """The definition that the case is pinned to."""
    return catalogue().pinned(case.procedure, case.version)


def case_view(call: Call, case: Case) -> dict[str, Any]:
    """The applicant's view of a case in the caller's language."""
    from ryoji.cases.views import applicant_view

    return applicant_view(case, definition_of(case), texts(), call.language, call.now)
