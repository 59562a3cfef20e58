"""The permission that an approved application is given: from its procedure's permit and its own answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from ryoji.cases.case import Case
from ryoji.catalogue.definition import Permit
from ryoji.errors import FieldError, Refused

_LETTER = {"visa": "V", "authorization": "A"}


def permission_number(kind: str, reference: str) -> str:
    """The number of the permission of a case: one letter and the eight of the case's reference, never another."""
    return _LETTER[kind] + reference.removeprefix("RJ").replace("-", "")


def permission_for(case: Case, permit: Permit, today: date) -> dict[str, Any]:
    """What is put in force today. It never outlasts the passport (japan.md §7.4)."""
    document = case.sections["travel_document"]
    return {
        "number": permission_number(permit.kind, case.reference or ""),
        "kind": permit.kind,
        "programme": permit.programme,
        "valid_from": today.isoformat(),
        "valid_until": min(permit.ends(today), date.fromisoformat(document["expiry_date"])).isoformat(),
        "entries": permit.entries,
        "stay_days": permit.stay_days,
        "issuing_state": document["issuing_state"],
        "document": document["number"],
    }


def last_day_to_issue(case: Case, permit: Permit | None) -> date | None:
    """The last day on which the permission could still be used; None where none is issued, or nothing is known."""
    return min((day for day, _ in _ends(case, permit)), default=None)


def is_too_late(case: Case, permit: Permit | None, today: date) -> bool:
    """Whether what was applied for was over before today, so that nothing can be issued or charged."""
    return any(day < today for day, _ in _ends(case, permit))


def must_be_in_time(case: Case, permit: Permit | None, today: date) -> None:
    """Raise Refused (too_late_to_approve) with what is over: months may have passed since the submission."""
    over = tuple(error for day, error in _ends(case, permit) if day < today)
    if over:
        raise Refused("too_late_to_approve", fields=over)


def _ends(case: Case, permit: Permit | None) -> list[tuple[date, FieldError]]:
    """The days with which a permission loses its use, and what is then wrong.

    The passport's last day, and of a single entry the journey's: what may be used for years outlives the journey for
    which it was asked.
    """
    if permit is None:
        return []
    ends = [_end(case, "travel_document", "expiry_date", "passport_expired")]
    if permit.entries == "single":
        ends.append(_end(case, "trip", "departure_date", "journey_over"))
    return [end for end in ends if end is not None]


def _end(case: Case, section: str, field: str, code: str) -> tuple[date, FieldError] | None:
    day = case.sections.get(section, {}).get(field)
    return (date.fromisoformat(day), FieldError(f"/sections/{section}/{field}", code)) if day else None
