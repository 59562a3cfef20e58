"""Every night the cases whose time of keeping is over are deleted, with their pictures; a register says which."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from ryoji.adapters import objects
from ryoji.cases.case import ENDED
from ryoji.cases.retention import drafts_to_dispose_of, kept_until
from ryoji.doors.cases import table
from ryoji.doors.door import Door
from ryoji.doors.texts import catalogue

door = Door("dispose_of_cases")
# A night that was missed is made up for: drafts are looked for this many days back.
DRAFT_NIGHTS = 7
# So many cases are written down at once and then deleted.
CHUNK = 25
# The function has 300 seconds; what is not begun by then waits for the next night.
BUDGET_SECONDS = 240.0
Row = dict[str, Any]


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`dispose`: delete what must no longer be kept. `as_of` (a time) is for rehearsals.

    The register comes first: it says what is about to be deleted, so that nothing is gone without its proof. One
    that could not be deleted is found again the next night, and keeps nobody else.
    """
    now = datetime.fromisoformat(event["as_of"]) if event.get("as_of") else datetime.now(UTC)
    until = time.monotonic() + BUDGET_SECONDS
    failed: list[Exception] = []
    over = _over(now.date(), failed)
    gone, chunks = 0, 0
    while time.monotonic() < until and (chunk := list(islice(over, CHUNK))):
        _register(chunk, now, chunks)
        chunks += 1
        gone += _all(chunk, failed)
    door.metrics.add_metric(name="CasesDisposedOf", unit="Count", value=gone)
    door.metrics.add_metric(name="DisposalsFailed", unit="Count", value=len(failed))
    return {"outcome": "disposed", "cases": gone, "failed": len(failed)}


def _register(chunk: list[Row], now: datetime, number: int) -> None:
    # The last hash proves, with the signed heads, which history it was; nothing of the person stays.
    names = ("case_id", "procedure", "status", "hash")
    body = {"at": now.isoformat(), "disposed": [{name: row[name] for name in names} for row in chunk]}
    objects.archive(f"disposals/{now:%Y/%m/%d}/{now:%H%M%S}-{number:04}.json", json.dumps(body).encode())


def _all(chunk: list[Row], failed: list[Exception]) -> int:
    gone = 0
    for row in chunk:
        try:
            _dispose(str(row["case_id"]))
        except Exception as error:
            _not_disposed_of(error, failed, row)
        else:
            gone += 1
    return gone


def _not_disposed_of(error: Exception, failed: list[Exception], row: Row | None = None) -> None:
    failed.append(error)
    about = {"case_id": row["case_id"]} if row else {}
    door.logger.error("not_disposed_of", extra={"error": type(error).__name__, **about})


def _over(today: date, failed: list[Exception]) -> Iterator[Row]:
    # Drafts first: they are looked for on a few nights only, the ended ones wait in their queues.
    for nights in range(DRAFT_NIGHTS):
        day = drafts_to_dispose_of(today) - timedelta(days=nights)
        yield from (row for row in _read(table().changed_on(day), failed) if row["status"] == "draft")
    shortest = min(
        min(version.retention.years, version.retention.refusal_years or version.retention.years)
        for version in catalogue().versions()
    )
    # Nothing is over sooner than the shortest retention; leap days do not matter at a year's distance.
    latest = today - timedelta(days=365 * shortest - 1)
    for desk in sorted({office.desk for office in catalogue().offices.values()}):
        for status in sorted(ENDED):
            rows = _read(table().ended_before(desk, status, latest), failed)
            yield from (row for row in rows if _is_over(row, today, failed))


def _read(rows: Iterable[Row], failed: list[Exception]) -> Iterator[Row]:
    """A queue that cannot be read keeps no other from its turn."""
    try:
        yield from rows
    except Exception as error:
        _not_disposed_of(error, failed)


def _is_over(row: Row, today: date, failed: list[Exception]) -> bool:
    try:
        return _kept_until(row) < today
    except Exception as error:
        _not_disposed_of(error, failed, row)
        return False


def _kept_until(row: Row) -> date:
    definition = catalogue().definition(row["procedure"], row["version"])
    return kept_until(
        definition.retention,
        ended=date.fromisoformat(row["ended_at"][:10]),
        refused=row["status"] == "refused",
        expires=date.fromisoformat(row["expires"]) if row["expires"] else None,
    )


def _dispose(case_id: str) -> None:
    for action in table().actions(case_id):
        if action.kind == "document_received":
            objects.dispose(action.body["key"])
        if action.kind == "permission_issued":
            from ryoji.doors.permissions import register

            register().forget(action.body["number"])
    table().dispose(case_id)
