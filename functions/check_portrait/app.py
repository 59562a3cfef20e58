"""The portrait's rules, measured: at upload for the applicant's eyes, in the chain for the record."""

from __future__ import annotations

from typing import Any

from ryoji.cases.case import Case, Document
from ryoji.doors.checks import check_at_upload, check_in_chain
from ryoji.doors.door import Body, Call, Door
from ryoji.doors.pictures import look_at_portrait
from ryoji.evidence.finding import Finding

door = Door("check_portrait")


class Empty(Body):
    """Nothing needs to be sent."""


def look(_case: Case, held: Document) -> Finding:
    """Check one picture."""
    return look_at_portrait(held)


@door.route(
    "POST",
    "/cases/{case_id}/documents/{document}/checks/portrait",
    "case.check",
    body=Empty,
    answer="Checked",
)
def at_upload(call: Call, case_id: str, document: str) -> dict[str, Any]:
    """Each rule with what was measured, what is required and how to mend it; a suggested crop."""
    return check_at_upload(call, case_id, document, "portrait", look)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Check the case's portrait again, for the officer."""
    return check_in_chain(event["case_id"], "portrait", look)
