"""Every night the heads of histories that grew are signed and archived: nobody can rewrite them unnoticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ryoji.adapters import keys, objects
from ryoji.cases.heads import signed_heads
from ryoji.doors.door import Door
from ryoji.doors.sweep import grown_since

door = Door("sign_histories")


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Sign the heads of the cases that changed in the last `hours` (26: the nights overlap) and archive the list."""
    now = datetime.now(UTC)
    heads = grown_since(now - timedelta(hours=int(event.get("hours", 26))), now)
    if not heads:
        return {"outcome": "nothing_new", "cases": 0}
    body = signed_heads(heads, now, sign=keys.sign_digest)
    key = f"heads/{now:%Y/%m/%d}/{now:%H%M%S}.json"
    objects.archive(key, body)
    door.metrics.add_metric(name="HistoriesSigned", unit="Count", value=len(heads))
    return {"outcome": "signed", "cases": len(heads), "key": key}
