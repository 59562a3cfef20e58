"""The passport page, read: MRZ with its check digits, beside what was typed."""

from __future__ import annotations

from ryoji.cases.case import Case, Document
from ryoji.doors.checks import declare_check
from ryoji.doors.door import Door
from ryoji.doors.pictures import look_at_travel_document
from ryoji.evidence.finding import Finding

door = Door("check_travel_document")


def look(case: Case, held: Document) -> Finding:
    """What the page says, with every correction listed, and what differs from what was typed."""
    return look_at_travel_document(case, held)


declare_check(door, "travel_document", look)
