"""Every night the cases whose time of keeping is over are deleted, with their pictures; a register says which."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
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


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`dispose`: delete what must no longer be kept. `as_of` (a time) is for rehearsals."""
    now = datetime.fromisoformat(event["as_of"]) if event.get("as_of") else datetime.now(UTC)
    gone = [_dispose(row) for row in _over(now.date())]
    if gone:
        register = json.dumps({"at": now.isoformat(), "disposed": gone}).encode()
        objects.archive(f"disposals/{now:%Y/%m/%d}/{now:%H%M%S}.json", register)
    door.metrics.add_metric(name="CasesDisposedOf", unit="Count", value=len(gone))
    return {"outcome": "disposed", "cases": len(gone)}


def _over(today: date) -> Iterator[dict[str, Any]]:
    shortest = min(
        min(version.retention.years, version.retention.refusal_years or version.retention.years)
        for version in catalogue().versions()
    )
    # Nothing is over sooner than the shortest retention; leap days do not matter at a year's distance.
    latest = today - timedelta(days=365 * shortest - 1)
    for desk in sorted({office.desk for office in catalogue().offices.values()}):
        for status in sorted(ENDED):
            for row in table().ended_before(desk, status, latest):
                if _kept_until(row) < today:
                    yield row
    for nights in range(DRAFT_NIGHTS):
        for row in table().changed_on(drafts_to_dispose_of(today) - timedelta(days=nights)):
            if row["status"] == "draft":
                yield row


def _kept_until(row: dict[str, Any]) -> date:
    definition = catalogue().definition(row["procedure"], row["version"])
    return kept_until(
        definition.retention,
        ended=date.fromisoformat(row["ended_at"][:10]),
        refused=row["status"] == "refused",
        expires=date.fromisoformat(row["expires"]) if row["expires"] else None,
    )


def _dispose(row: dict[str, Any]) -> dict[str, Any]:
    case_id = str(row["case_id"])
    for action in table().actions(case_id):
        if action.kind == "document_received":
            objects.dispose(action.body["key"])
    table().dispose(case_id)
    # The last hash proves, with the signed heads, which history it was; nothing of the person stays.
    return {"case_id": case_id, "procedure": row["procedure"], "status": row["status"], "hash": row["hash"]}
