"""How an issued permission stands on a day, and where it may go from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ryoji.cases.case import Case

# From where to where an issued permission may go. What was cancelled or replaced is over; from `revoked` the way back,
# asked for as `active`, leads to what stood before. An entry that is reported meanwhile leaves it revoked, and has the
# way back lead to `used`.
CHANGES: Mapping[str, frozenset[str]] = {
    "active": frozenset({"revoked", "cancelled", "used", "replaced"}),
    "revoked": frozenset({"active", "used"}),
    "cancelled": frozenset(),
    "used": frozenset({"revoked"}),
    "replaced": frozenset(),
    # An entry on the last day may be reported after it.
    "expired": frozenset({"used"}),
}


def standing(permission: Mapping[str, Any], today: date) -> str:
    """How a permission stands on a day at the border: one whose last day has passed is expired."""
    over = permission["status"] == "active" and today.isoformat() > permission["valid_until"]
    return "expired" if over else str(permission["status"])


def standing_of(case: Case, today: date) -> str | None:
    """How a case's permission stands on a day at the border; None where nothing was issued."""
    return standing(case.permission, today) if case.permission else None
