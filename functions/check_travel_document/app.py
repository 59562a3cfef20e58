"""The passport page, read: MRZ with its check digits, beside what was typed."""

from __future__ import annotations

from typing import Any

from ryoji.cases.case import Case, Document
from ryoji.doors.checks import check_at_upload, check_in_chain
from ryoji.doors.door import Body, Call, Door
from ryoji.doors.pictures import look_at_travel_document
from ryoji.evidence.finding import Finding

door = Door("check_travel_document")


class Empty(Body):
    """Nothing needs to be sent."""


def look(case: Case, held: Document) -> Finding:
    """Read one picture and compare it with what was typed."""
    return look_at_travel_document(case, held)


@door.route(
    "POST",
    "/cases/{case_id}/documents/{document}/checks/travel_document",
    "case.check",
    body=Empty,
    answer="Checked",
)
def at_upload(call: Call, case_id: str, document: str) -> dict[str, Any]:
    """What the page says, with every correction listed, and what differs from what was typed."""
    return check_at_upload(call, case_id, document, "travel_document", look)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Read the case's passport page again, for the officer."""
    return check_in_chain(event["case_id"], "travel_document", look)
