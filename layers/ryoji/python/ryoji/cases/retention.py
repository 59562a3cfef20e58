"""How long a case is kept (文書保存期間), and when it must be gone: what is no longer needed is not kept."""

from __future__ import annotations

from datetime import date, timedelta

from ryoji.catalogue.deadlines import add_months
from ryoji.catalogue.definition import Retention

# An application that was begun and never sent is nobody's file: the house's own limit.
DRAFT_DAYS = 90


def kept_until(retention: Retention, *, ended: date, refused: bool, expires: date | None) -> date:
    """The last day on which a case is kept. `expires` is the end of what was issued, if anything was."""
    if refused:
        return add_months(ended, 12 * (retention.refusal_years or retention.years))
    start = expires if retention.after == "expiry" and expires else ended
    return add_months(start, 12 * retention.years)


def drafts_to_dispose_of(today: date) -> date:
    """The day whose untouched drafts are disposed of today."""
    return today - timedelta(days=DRAFT_DAYS + 1)
