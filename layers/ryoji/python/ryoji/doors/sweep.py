"""The clock's round: deadlines that come near or have passed, machines that died or wait in vain, money not heard of.

A round reads the queues' summaries; a history is read only where something is to be done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from ryoji.adapters import machines
from ryoji.cases import commands
from ryoji.cases.actions import Actor, NewAction
from ryoji.cases.case import Case
from ryoji.cases.heads import Head
from ryoji.cases.log import read, record
from ryoji.cases.slots import freed
from ryoji.cases.summary import overdue
from ryoji.cases.waits import last_day, settled, stage_to_go_on_from
from ryoji.catalogue.deadlines import reminders
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.cases import definition_of, table
from ryoji.doors.texts import catalogue

if TYPE_CHECKING:
    from ryoji.catalogue.definition import Deadline

ACTIVE = ("checking", "in_review", "correction", "payment", "production", "collection", "issuance")
TASK_OF = {
    "in_review": "review",
    "correction": "correction",
    "payment": "payment",
    "production": "production",
    "collection": "handover",
}
_CLOCK = Actor("system", "clock")
# A round begins every five minutes and stops before the function's minute is over.
ROUND_SECONDS = 300
BUDGET_SECONDS = 45.0
GOLDEN = (5**0.5 - 1) / 2
# A machine is given this long to begin before it is taken for dead.
PATIENCE_SECONDS = 120
# It is twice as long each time, at the most two thirds of a day.
MOST_DOUBLINGS = 9
# The gateway is asked about a payment that was begun and not heard of for this long, and then once a day.
SILENCES = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
DAY = timedelta(days=1)
# Two rounds long, so that one that was missed does not cost the answer.
ASKED_WITHIN = timedelta(minutes=10)
Row = dict[str, Any]
Place = TypeVar("Place")
Running = Callable[[str], frozenset[str] | None]


def sweep(
    now: datetime, patience: int = PATIENCE_SECONDS, failed: list[Exception] | None = None
) -> dict[str, int]:
    """Go round all desks' active queues; what was done, by the metrics' names.

    One case that cannot be served does not keep the clock from the others: what went wrong is gathered in `failed`,
    or raised at the end. A round that has no time left stops; the next begins elsewhere.
    """
    counts = {
        "DeadlinesPassed": 0,
        "RemindersDue": 0,
        "MachinesRestarted": 0,
        "OldestWaitingDays": 0,
        "CasesWaiting": 0,
    }
    broken: list[Exception] = [] if failed is None else failed
    running = _running(broken)
    until = time.monotonic() + BUDGET_SECONDS
    for row in _rows(queues_from(now), broken):
        if time.monotonic() >= until:
            # Who was not reached is among the first of a round soon; a part is not the number that waits.
            del counts["CasesWaiting"]
            break
        try:
            _serve(row, now, timedelta(seconds=patience), running, counts)
        except Exception as error:
            broken.append(error)
    if broken and failed is None:
        raise broken[0]
    return counts


def _running(broken: list[Exception]) -> Running:
    """The names of each family's running machines, asked once a round; None when they cannot be known."""

    @cache
    def names(family: str) -> frozenset[str] | None:
        try:
            return machines.running_names(family)
        except Exception as error:
            broken.append(error)
            return None

    return names


def _serve(row: Row, now: datetime, patience: timedelta, running: Running, counts: dict[str, int]) -> None:
    counts["CasesWaiting"] += 1
    counts["DeadlinesPassed"] += _fire(row, now)
    counts["RemindersDue"] += _remind(row, now)
    if _idle(row, now) >= patience * _doubled(row):
        names = running(catalogue().definition(row["procedure"], row["version"]).family)
        if names is not None:
            dead = _execution(row) not in names
            counts["MachinesRestarted"] += _revive(str(row["case_id"]), now) if dead else _wake(row)
    if row["payment"] == "started" and _is_time_to_ask(_idle(row, now)):
        machines.ask_the_gateway(str(row["case_id"]))
    if row["submitted_at"]:
        age = now - datetime.fromisoformat(row["submitted_at"])
        counts["OldestWaitingDays"] = max(counts["OldestWaitingDays"], age.days)


def queues_from(now: datetime) -> list[tuple[str, str]]:
    """All active queues, each round from another on, so that none is always behind a long one.

    Steps of the golden section of the whole come near every queue within a few rounds, and no round is remembered.
    """
    return from_elsewhere([(desk, status) for desk in catalogue().desks() for status in ACTIVE], now)


def from_elsewhere(places: list[Place], now: datetime) -> list[Place]:
    """The places of a round, from another one on than in the round before."""
    first = int(now.timestamp() // ROUND_SECONDS * GOLDEN % 1 * len(places))
    return places[first:] + places[:first]


def _rows(queues: list[tuple[str, str]], broken: list[Exception]) -> Iterator[Row]:
    for desk, status in queues:
        try:
            yield from _queue(desk, status)
        except Exception as error:
            broken.append(error)


def _queue(desk: str, status: str) -> Iterator[Row]:
    cursor: str | None = None
    while True:
        rows, cursor = table().queue(desk, status, cursor)
        yield from rows
        if not cursor:
            return


def _idle(row: Row, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(row["updated_at"])


def _doubled(row: Row) -> int:
    # What stops a machine again and again is for a person to mend: the alarm has told one.
    return int(2 ** min(row.get("restarts", 0), MOST_DOUBLINGS))


def _is_time_to_ask(idle: timedelta) -> bool:
    """Whether the silence has just reached one of its lengths; nothing is kept about who was asked when."""
    reached = [silence for silence in (*SILENCES, idle // DAY * DAY) if timedelta() < silence <= idle]
    return bool(reached) and idle - max(reached) < ASKED_WITHIN


def _execution(row: Row) -> str:
    return str(row["execution"] or row["case_id"])


def _task(row: Row) -> str:
    """Whom or what the case waits for: while an applicant is asked to come, that is they."""
    asked = row["status"] == "in_review" and row["interview"]
    return "interview" if asked else TASK_OF.get(row["status"], "")


def _fire(row: Row, now: datetime) -> int:
    task = _task(row)
    if task in overdue(row) or not row["due"] or _today(row, now).isoformat() <= row["due"]:
        return 0
    deadline = _deadline(row, task)
    then = deadline.then if deadline else "escalate"

    def judge(at: Case) -> list[NewAction]:
        due = last_day(at, task)
        passed = due is not None and _today(row, now).isoformat() > due
        return commands.pass_deadline(at, task=task, then=then) if passed else []

    return _record(str(row["case_id"]), judge, now, free_slot=then == "lapse")


def _remind(row: Row, now: datetime) -> int:
    task = _task(row)
    deadline = _deadline(row, task)
    if deadline is None or not row["due"]:
        return 0
    last_day = date.fromisoformat(row["due"])
    days = [(last_day - day).days for day in reminders(deadline, last_day) if day <= _today(row, now)]
    if not days or _today(row, now) > last_day or row["reminded"].get(task, days[-1] + 1) <= days[-1]:
        return 0
    return _record(str(row["case_id"]), lambda at: commands.remind(at, task=task, days_before=days[-1]), now)


def _record(case_id: str, judge: Any, now: datetime, *, free_slot: bool = False) -> int:
    before = read(table(), case_id).sequence
    after = record(table(), case_id, judge, by=_CLOCK, now=now, slots=freed if free_slot else None)
    return int(after.sequence > before)


def _today(row: Row, now: datetime) -> date:
    office = catalogue().offices.get(row["office"] or "")
    return office.today(now) if office else ministry_day(now)


def _deadline(row: Row, task: str) -> Deadline | None:
    definition = catalogue().definition(row["procedure"], row["version"])
    stage = definition.stage("review" if task in ("correction", "interview") else task)
    if stage is None:
        return None
    return {"correction": stage.correction, "interview": stage.interview}.get(task, stage.due)


def _revive(case_id: str, now: datetime) -> int:
    case = read(table(), case_id)
    stage = stage_to_go_on_from(case)
    if stage is None:
        return 0
    family = definition_of(case).family
    if machines.running(family, case.execution or case.case_id):
        return 0
    # The first is named after the case, whoever starts it: a record of the stream that is only late starts no other.
    if (
        case.stage is None
        and not case.execution
        and machines.start(family, case.case_id, stage, case.case_id)
    ):
        return 1
    execution = f"{case.case_id}-{stage}-{case.sequence}"
    # Named before it runs: what the history does not name is taken for dead. One that is named and was not started is
    # dead too, and a later round starts another.
    if not _named(case, execution, now):
        return 0
    return int(machines.start(family, case.case_id, stage, execution))


def _named(dead: Case, execution: str, now: datetime) -> bool:
    """Whether the history names this machine now: not where another was named meanwhile, or the case has ended."""

    def judge(at: Case) -> list[NewAction]:
        return commands.machine_started(at, execution=execution) if at.execution == dead.execution else []

    return record(table(), dead.case_id, judge, by=_CLOCK, now=now).execution == execution


def _wake(row: Row) -> int:
    """End the waits that are over although their machine was never told; 1 when one was."""
    # Somebody or something is waited for, as it should be. Rows written before this was noted do not say.
    if row.get("waits", True):
        return 0
    case = read(table(), str(row["case_id"]))
    over = [(task.token, settled(case, task.task)) for task in case.tasks.values()]
    ended = [machines.complete(token, outcome) for token, outcome in over if outcome]
    return int(any(ended))


def grown_since(moment: datetime, now: datetime) -> list[Head]:
    """The heads of the histories that grew since a moment, drafts and ended cases among them."""
    days = range((now.date() - moment.date()).days + 1)
    return [
        Head(str(row["case_id"]), int(row["sequence"]), str(row["hash"]))
        for ago in days
        for row in table().changed_on(now.date() - timedelta(days=ago))
        if str(row["updated_at"]) >= moment.isoformat()
    ]
