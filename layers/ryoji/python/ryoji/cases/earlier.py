"""What one person's earlier applications mean for a new one.

The six months after a refusal (japan.md §7.1), and the surcharge after a passport that was not collected (§1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ryoji.cases.case import Case
from ryoji.catalogue.deadlines import add_months
from ryoji.catalogue.ministry_days import ministry_day


def remembered(case: Case) -> bool:
    """Whether later applications of the person meet what became of this one.

    Refused, overstayed, taken back, or a book that was made and not collected.

    Once so, always so: what was set right again must not stand there as it was.
    """
    held = case.permission
    changed = held is not None and held["changed_at"] != held["issued_at"]
    uncollected = case.status == "lapsed" and case.book is not None
    met = case.status == "refused" or bool(case.overstayed) or changed or uncollected
    return case.person is not None and met


def closed_until(
    rows: Iterable[Mapping[str, Any]],
    *,
    purpose: str | None,
    months: int | None,
    on: date,
    ended_on: Callable[[Mapping[str, Any]], date],
) -> date | None:
    """The last day on which the same purpose cannot be applied for again after a refusal; None when it can.

    `rows` are the summaries of the person's cases that the one who asks holds, under procedures whose refusals close
    anything: a travel authorization that is not granted leaves the way to a visa open. `ended_on` is the day of a
    refusal where its office is.
    """
    if months is None or purpose is None:
        return None
    ends = [
        add_months(ended_on(row), months)
        for row in rows
        if row["status"] == "refused" and row.get("purpose") == purpose
    ]
    latest = max(ends, default=None)
    return latest if latest is not None and on <= latest else None


def ended_before(row: Mapping[str, Any], moment: datetime | None) -> bool:
    """Whether a case of the person had ended by then; None is now."""
    ended = row.get("ended_at")
    return ended is not None and (moment is None or datetime.fromisoformat(ended) <= moment)


def surcharge_due(rows: Iterable[Mapping[str, Any]], *, accepted: datetime, on: date, years: int) -> bool:
    """Whether an application pays the surcharge: the first one within years of an uncollected passport's lapse.

    `rows` are the summaries of the person's other cases under procedures that ask for the surcharge; `on` is the day
    of the moment `accepted`. Source: L1 art 20 (japan.md §1.3). That the first is the first that was paid for, so that
    nobody is rid of the surcharge by an application that is refused or taken back, is the house's reading.
    """
    others = list(rows)
    lapses = [datetime.fromisoformat(row["ended_at"]) for row in others if _uncollected(row)]
    lapsed = max((moment for moment in lapses if moment <= accepted), default=None)
    if lapsed is None or on > add_months(ministry_day(lapsed), 12 * years):
        return False
    return not any(
        row["payment"] == "paid" and datetime.fromisoformat(row["submitted_at"]) >= lapsed for row in others
    )


def _uncollected(row: Mapping[str, Any]) -> bool:
    if row["status"] != "lapsed" or not row["book_ready"]:
        return False
    # One that keeps the old one's expiry may expire while it waits: it has not lapsed by being left there.
    lapsed_on = ministry_day(datetime.fromisoformat(row["ended_at"]))
    return date.fromisoformat(row["expires"]) >= lapsed_on
