"""Every night the cases whose time of keeping is over are deleted, with their pictures; a register says which.

So are pictures that no history names.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

from ryoji.adapters import objects
from ryoji.doors.disposal import Broken, Row, closed, dispose, drop_unrecorded, over
from ryoji.doors.door import Door

door = Door("dispose_of_cases")
# So many cases are written down at once and then deleted.
CHUNK = 25
# The function has 300 seconds; what is not begun by then waits for the next night.
BUDGET_SECONDS = 240.0


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`dispose`: delete what must no longer be kept. `as_of` (a time) is for rehearsals.

    Each is closed first, and stays when something happened to it since it was listed. Then comes the register: it says
    what is about to be deleted, so that nothing is gone without its proof. One that could not be deleted is found again
    the next night, and keeps nobody else.
    """
    now = datetime.fromisoformat(event["as_of"]) if event.get("as_of") else datetime.now(UTC)
    until = time.monotonic() + BUDGET_SECONDS
    failed: list[Exception] = []
    broken = partial(_not_disposed_of, failed)
    rows = over(now.date(), broken)
    gone, chunks = 0, 0
    while time.monotonic() < until and (chunk := list(islice(rows, CHUNK))):
        going = closed(chunk, broken)
        if going:
            _register(going, now, chunks)
        chunks += 1
        gone += _all(going, broken)
    pictures = drop_unrecorded(now, broken)
    door.metrics.add_metric(name="CasesDisposedOf", unit="Count", value=gone)
    door.metrics.add_metric(name="DisposalsFailed", unit="Count", value=len(failed))
    return {"outcome": "disposed", "cases": gone, "pictures": pictures, "failed": len(failed)}


def _register(chunk: list[Row], now: datetime, number: int) -> None:
    # The last hash proves, with the signed heads, which history it was; nothing of the person stays.
    names = ("case_id", "procedure", "status", "hash")
    body = {"at": now.isoformat(), "disposed": [{name: row[name] for name in names} for row in chunk]}
    objects.archive(f"disposals/{now:%Y/%m/%d}/{now:%H%M%S}-{number:04}.json", json.dumps(body).encode())


def _all(chunk: list[Row], broken: Broken) -> int:
    gone = 0
    for row in chunk:
        try:
            dispose(str(row["case_id"]))
        except Exception as error:
            broken(error, row)
        else:
            gone += 1
    return gone


def _not_disposed_of(failed: list[Exception], error: Exception, row: Row | None) -> None:
    failed.append(error)
    about = {"case_id": row["case_id"]} if row else {}
    door.logger.error("not_disposed_of", extra={"error": type(error).__name__, **about})
