"""The portrait's rules, measured: at upload for the applicant's eyes, in the chain for the record."""

from __future__ import annotations

from ryoji.cases.case import Case, Document
from ryoji.doors.checks import declare_check
from ryoji.doors.door import Door
from ryoji.doors.pictures import look_at_portrait
from ryoji.evidence.finding import Finding

door = Door("check_portrait")


def look(_case: Case, held: Document) -> Finding:
    """Each rule with what was measured, what is required and how to mend it; a suggested crop."""
    return look_at_portrait(held)


declare_check(door, "portrait", look)
