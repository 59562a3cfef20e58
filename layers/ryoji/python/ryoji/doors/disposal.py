"""What must not be kept: drafts that nobody touches, cases whose retention is over, pictures that no history names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from ryoji.adapters import objects
from ryoji.cases.case import ENDED
from ryoji.cases.retention import drafts_to_dispose_of, kept_until
from ryoji.doors.cases import table
from ryoji.doors.texts import catalogue

# A night that was missed is made up for: drafts are looked for this many days back.
DRAFT_NIGHTS = 7
# By then whoever was taking a picture in has recorded it, or has died.
TAKING_IN = timedelta(hours=1)
Row = dict[str, Any]
Found = TypeVar("Found")
Broken = Callable[[Exception, Row | None], None]


def over(today: date, broken: Broken) -> Iterator[Row]:
    """The summaries of what is no longer kept on a day; what cannot be read or judged is told to `broken`."""
    # Drafts first: they are looked for on a few nights only, the ended ones wait in their queues.
    for nights in range(DRAFT_NIGHTS):
        day = drafts_to_dispose_of(today) - timedelta(days=nights)
        yield from (row for row in _read(table().changed_on(day), broken) if row["status"] == "draft")
    shortest = min(
        min(version.retention.years, version.retention.refusal_years or version.retention.years)
        for version in catalogue().versions()
    )
    # Nothing is over sooner than the shortest retention; leap days do not matter at a year's distance.
    latest = today - timedelta(days=365 * shortest - 1)
    for desk in catalogue().desks():
        for status in sorted(ENDED):
            rows = _read(table().ended_before(desk, status, latest), broken)
            yield from (row for row in rows if _is_over(row, today, broken))


def _read(rows: Iterable[Found], broken: Broken) -> Iterator[Found]:
    """A queue that cannot be read keeps no other from its turn."""
    try:
        yield from rows
    except Exception as error:
        broken(error, None)


def _is_over(row: Row, today: date, broken: Broken) -> bool:
    try:
        return _kept_until(row) < today
    except Exception as error:
        broken(error, row)
        return False


def _kept_until(row: Row) -> date:
    definition = catalogue().definition(row["procedure"], row["version"])
    return kept_until(
        definition.retention,
        ended=date.fromisoformat(row["ended_at"][:10]),
        refused=row["status"] == "refused",
        expires=date.fromisoformat(row["expires"]) if row["expires"] else None,
    )


def drop_unrecorded(now: datetime, broken: Broken) -> int:
    """Delete the pictures that were kept by a function which died before recording them, and count them."""
    dropped = 0
    for case_id, key in _read(objects.left_unrecorded(now - TAKING_IN), broken):
        try:
            dropped += drop_unless_recorded(case_id, key)
            objects.taken_in(case_id, key)
        except Exception as error:
            broken(error, {"case_id": case_id})
    return dropped


def drop_unless_recorded(case_id: str, key: str) -> bool:
    """Delete a picture that no history names, and say so: nobody would find it again, and so nobody would delete it.

    The history is asked and not what became of the writing: a write whose answer was lost may have been made.
    """
    if any(action.body.get("key") == key for action in table().actions(case_id)):
        return False
    objects.dispose(key)
    return True


def closed(rows: Iterable[Row], broken: Broken) -> list[Row]:
    """Those of the listed cases to which nothing has happened since; from now on nothing can.

    A draft may be gone on with in the very night in which it would be deleted.
    """
    return [row for row in rows if _closes(row, broken)]


def _closes(row: Row, broken: Broken) -> bool:
    try:
        return table().close(row)
    except Exception as error:
        broken(error, row)
        return False


def dispose(case_id: str) -> None:
    """Delete a closed case, its pictures, and its entry in the register of permissions; twice is once."""
    for action in table().actions(case_id):
        if action.kind == "document_received":
            objects.dispose(action.body["key"])
        if action.kind == "permission_issued":
            from ryoji.doors.permissions import register

            register().forget(action.body["number"])
    table().dispose(case_id)
