"""The clock's round: deadlines that have passed, machines that have died, the age of the oldest case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ryoji.adapters import machines
from ryoji.cases import commands
from ryoji.cases.actions import Actor, NewAction
from ryoji.cases.case import Case
from ryoji.cases.heads import Head
from ryoji.cases.log import read, record
from ryoji.cases.slots import freed
from ryoji.cases.waits import stage_to_go_on_from
from ryoji.doors.cases import definition_of, office_of, table
from ryoji.doors.texts import catalogue

ACTIVE = ("checking", "in_review", "correction", "payment", "production", "collection")
ENDED_STATUSES = ("completed", "refused", "withdrawn", "lapsed")
TASK_OF = {
    "in_review": "review",
    "correction": "correction",
    "payment": "payment",
    "production": "production",
    "collection": "handover",
}
_CLOCK = Actor("system", "clock")
# A machine is given this long to begin before it is taken for dead.
PATIENCE_SECONDS = 120


def sweep(now: datetime, patience: int = PATIENCE_SECONDS) -> dict[str, int]:
    """Go round all desks' active queues; what was done, by the metrics' names."""
    counts = {"DeadlinesPassed": 0, "MachinesRestarted": 0, "OldestWaitingDays": 0, "CasesWaiting": 0}
    for row in _rows(ACTIVE):
        counts["CasesWaiting"] += 1
        case = read(table(), str(row["case_id"]))
        counts["DeadlinesPassed"] += _fire(case, now)
        counts["MachinesRestarted"] += _revive(read(table(), case.case_id), now, patience)
        if case.submitted_at:
            counts["OldestWaitingDays"] = max(counts["OldestWaitingDays"], (now - case.submitted_at).days)
    return counts


def _rows(statuses: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for desk in sorted({office.desk for office in catalogue().offices.values()}):
        for status in statuses:
            cursor: str | None = None
            while True:
                rows, cursor = table().queue(desk, status, cursor)
                yield from rows
                if not cursor:
                    break


def _fire(case: Case, now: datetime) -> int:
    task = TASK_OF.get(case.status, "")
    held = case.tasks.get(task)
    if held is None or not held.due or _today(case, now) <= held.due:
        return 0
    then = _then(case, task)

    def judge(at: Case) -> list[NewAction]:
        return commands.pass_deadline(at, task=task, then=then)

    after = record(table(), case.case_id, judge, by=_CLOCK, now=now, slots=freed if then == "lapse" else None)
    return int(after.sequence > case.sequence)


def _today(case: Case, now: datetime) -> str:
    office = office_of(case)
    return now.astimezone(ZoneInfo(office.timezone if office else "Asia/Tokyo")).date().isoformat()


def _then(case: Case, task: str) -> str:
    definition = definition_of(case)
    if task == "correction":
        review = definition.stage("review")
        return review.correction.then if review and review.correction else "escalate"
    stage = definition.stage(task)
    return stage.due.then if stage and stage.due else "escalate"


def _revive(case: Case, now: datetime, patience: int) -> int:
    stage = stage_to_go_on_from(case)
    if stage is None or not case.updated_at or (now - case.updated_at).total_seconds() < patience:
        return 0
    family = definition_of(case).family
    if machines.running(family, case.execution or case.case_id):
        return 0
    execution = f"{case.case_id}-{stage}-{case.sequence}"
    started = machines.start(family, case.case_id, stage, execution)
    record(
        table(),
        case.case_id,
        lambda at: commands.machine_started(at, execution=execution),
        by=_CLOCK,
        now=now,
    )
    return int(started)


def grown_since(moment: datetime) -> list[Head]:
    """The heads of the histories that grew since a moment, ended cases among them."""
    heads = []
    for row in _rows((*ACTIVE, *ENDED_STATUSES)):
        if str(row["updated_at"]) >= moment.isoformat():
            head = read(table(), str(row["case_id"])).head
            if head:
                heads.append(Head(head.case_id, head.sequence, head.hash))
    return heads
