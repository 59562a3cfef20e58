"""Screening in the chain: hits for an officer, never a refusal. There is no door for applicants."""

from __future__ import annotations

from typing import Any

from ryoji.cases.log import read
from ryoji.doors.cases import definition_of, table
from ryoji.doors.checks import record_in_chain
from ryoji.doors.door import Door

door = Door("screen_applicant")


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Screen the case as it is now and record what is found."""
    case = read(table(), event["case_id"])
    evidence = definition_of(case).stage("evidence")
    if evidence is None or "screening" not in evidence.checks:
        return {"outcome": "not_asked_for"}
    # Names and lists are only read where a procedure is screened: the start is kept lean.
    from ryoji.doors.screening import screen_case

    findings = screen_case(case)
    for finding in findings:
        record_in_chain(case, finding, step="screen_applicant")
    return {"outcome": "checked", "findings": [findings[-1].outcome]}
