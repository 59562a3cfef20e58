"""The permission that an approved application is given: from its procedure's permit and its own answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ryoji.cases.case import Case
from ryoji.catalogue.deadlines import add_months
from ryoji.catalogue.definition import Permit

_LETTER = {"visa": "V", "authorization": "A"}


def permission_number(kind: str, reference: str) -> str:
    """The number of the permission of a case: one letter and the eight of the case's reference, never another."""
    return _LETTER[kind] + reference.removeprefix("RJ").replace("-", "")


def permission_for(case: Case, permit: Permit, today: date) -> dict[str, Any]:
    """What is put in force today. It never outlasts the passport (japan.md §7.4)."""
    document = case.sections["travel_document"]
    ends = add_months(today, permit.valid_months) - timedelta(days=1)
    return {
        "number": permission_number(permit.kind, case.reference or ""),
        "kind": permit.kind,
        "programme": permit.programme,
        "valid_from": today.isoformat(),
        "valid_until": min(ends, date.fromisoformat(document["expiry_date"])).isoformat(),
        "entries": permit.entries,
        "stay_days": permit.stay_days,
        "issuing_state": document["issuing_state"],
        "document": document["number"],
    }
