"""What the stream should have had done and may have lost: the clock looks at what changed within the last two days.

A record that has failed twenty times is put aside, and nobody acts upon it any more. So the clock compares the register
of permissions with what the cases say, and sees again to money that is owed back and to what can still be paid for a
case that has ended. Each of these done twice is done once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Literal

from ryoji.adapters import machines
from ryoji.doors.cases import table
from ryoji.doors.permissions import register
from ryoji.doors.sweep import from_elsewhere

HOURS = 48
# With the sweep's own time less than the function has.
BUDGET_SECONDS = 8.0
# As many as the register answers at once.
TOGETHER = 100
Row = dict[str, Any]
Repeated = tuple[Literal["publish", "refund", "close"], str]


def catch_up(now: datetime, patience: timedelta, failed: list[Exception]) -> int:
    """Have done what was not; how much. What went wrong is added to `failed` and keeps no other hour from its turn.

    What changed less than `patience` ago is still on its way. A round that has no time left stops; the next begins
    elsewhere.
    """
    until, repeated = time.monotonic() + BUDGET_SECONDS, 0
    for hour in from_elsewhere([now - timedelta(hours=ago) for ago in range(HOURS)], now):
        if time.monotonic() >= until:
            break
        try:
            for rows in _some(table().changed_in(hour)):
                repeated += _repeat(row for row in rows if _idle(row, now) >= patience)
        except Exception as error:
            failed.append(error)
    return repeated


def _some(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, TOGETHER)):
        yield some


def _idle(row: Row, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(row["updated_at"])


def _repeat(rows: Iterable[Row]) -> int:
    undone = list(_undone(list(rows)))
    for do, case_id in undone:
        machines.repeat(do, case_id)
    return len(undone)


def _undone(rows: list[Row]) -> Iterator[Repeated]:
    for row in rows:
        # Rows written before this was noted do not say; they are of two days at the most.
        if row.get("to_refund"):
            yield "refund", row["case_id"]
        if row.get("to_close"):
            yield "close", row["case_id"]
    yield from _unpublished({row["permission_number"]: row for row in rows if row.get("permission_number")})


def _unpublished(issued: dict[str, Row]) -> Iterator[Repeated]:
    standing = register().for_numbers(list(issued)) if issued else {}
    for number, held in standing.items():
        row = issued[number]
        if held is None or held.status != row["permission"]:
            yield "publish", row["case_id"]
