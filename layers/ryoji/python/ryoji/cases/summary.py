"""What queues and lists show of a case: written with every action, read without the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ryoji.cases.case import Case
from ryoji.cases.standing import standing
from ryoji.cases.waits import settled
from ryoji.catalogue.subject import full_name, nationality, office_code


def summarise(case: Case) -> dict[str, Any]:
    """The row of a case in lists and queues; codes only, texts are added in the reader's language."""
    payment = case.payment
    return {
        "case_id": case.case_id,
        "procedure": case.procedure,
        "version": case.version,
        "reference": case.reference,
        "status": case.status,
        "stage": case.stage,
        "desk": case.desk,
        "due": case.due,
        "opened_at": _iso(case.opened_at),
        "submitted_at": _iso(case.submitted_at),
        "updated_at": _iso(case.updated_at),
        "ended_at": _iso(case.ended_at),
        "sequence": case.sequence,
        "hash": case.head.hash if case.head else None,
        "office": office_code(case.sections),
        "execution": case.execution,
        "restarts": case.restarts,
        "waits": sorted(task for task in case.tasks if settled(case, task) is None),
        # What was issued, book or permission, has a last day of its own: the retention may run from there.
        "expires": (case.book or {}).get("expires_on") or (case.permission or {}).get("valid_until"),
        "reminded": case.reminded,
        "group": case.group,
        "holder": case.holder,
        "purpose": case.sections.get("trip", {}).get("purpose"),
        "permission": case.permission["status"] if case.permission else None,
        "permission_number": case.permission["number"] if case.permission else None,
        "permission_changed_at": _iso(case.permission["changed_at"]) if case.permission else None,
        "sealed_by": case.permission.get("sealed_by") if case.permission else None,
        "overstayed": case.overstayed,
        "interview": case.open_interview is not None,
        "humanitarian": is_humanitarian(case),
        "applicant": full_name(case.sections) or None,
        "nationality": nationality(case.sections),
        "claimed_by": {"officer": case.claimed_by.id, "name": case.claimed_by.name}
        if case.claimed_by
        else None,
        "proposed_by": case.proposal.by.id if case.proposal else None,
        "findings": _outcomes(case),
        "overdue": sorted(case.overdue),
        "payment": payment.status,
        # What the gateway has yet to do for a case, whoever was to tell it.
        "to_refund": bool(payment.to_refund),
        "to_close": bool(payment.still_open),
        "correction": bool(case.correction),
        "appointment": case.appointment,
        "book_ready": case.book is not None,
    }


# Where a case stands in its holder's list: when something last happened to it, and its id.
Place = tuple[str, str]


def place_of(row: Mapping[str, Any]) -> Place:
    """The place of a summary in its holder's list; the latest is the highest."""
    return str(row["updated_at"]), str(row["case_id"])


def overdue(row: Mapping[str, Any]) -> frozenset[str]:
    """The tasks of a summary whose deadlines have passed, done since or not."""
    # Rows written before the tasks were named say only that there was one: the history is asked then.
    return frozenset(row["overdue"]) if isinstance(row["overdue"], list) else frozenset()


def permission_on(row: Mapping[str, Any], today: date) -> str | None:
    """How the permission of a summary stands on a day at the border; None where nothing was issued."""
    if row.get("permission") is None:
        return None
    return standing({"status": row["permission"], "valid_until": row["expires"]}, today)


def is_late(row: Mapping[str, Any]) -> bool:
    """Whether something that is still to be done is overdue: a review that came late is over once it came."""
    return bool(overdue(row) & frozenset(row.get("waits", ())))


def is_humanitarian(case: Case) -> bool:
    """Whether the applicant gives a humanitarian reason, which an officer weighs."""
    return bool(case.sections.get("mission", {}).get("humanitarian", "none") != "none")


def _outcomes(case: Case) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for found in case.findings:
        outcomes[found.finding["check"]] = found.finding["outcome"]
    return outcomes


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
