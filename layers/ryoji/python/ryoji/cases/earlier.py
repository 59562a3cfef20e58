"""What one person's earlier applications mean for a new one: the six months after a refusal (japan.md §7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ryoji.cases.case import Case
from ryoji.catalogue.deadlines import add_months


def remembered(case: Case) -> bool:
    """Whether later applications of the person meet what became of this one: refused, overstayed, taken back.

    Once so, always so: what was set right again must not stand there as it was.
    """
    held = case.permission
    changed = held is not None and held["changed_at"] != held["issued_at"]
    return case.person is not None and (case.status == "refused" or bool(case.overstayed) or changed)


def closed_until(
    rows: Iterable[Mapping[str, Any]], *, purpose: str | None, months: int | None, on: date
) -> date | None:
    """The last day on which the same purpose cannot be applied for again after a refusal; None when it can.

    `rows` are the summaries of the person's cases, of any procedure, that the one who asks holds.
    """
    if months is None or purpose is None:
        return None
    ends = [
        add_months(date.fromisoformat(row["ended_at"][:10]), months)
        for row in rows
        if row["status"] == "refused" and row.get("purpose") == purpose
    ]
    latest = max(ends, default=None)
    return latest if latest is not None and on <= latest else None
