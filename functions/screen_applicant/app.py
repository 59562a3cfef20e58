"""Screening in the chain, and again for the officer who has the case: hits, never a refusal. No door for applicants."""

from __future__ import annotations

from typing import Any

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.cases.log import read
from ryoji.doors.cases import command, definition_of, desk_view, is_screened, read_for, table
from ryoji.doors.checks import record_in_chain
from ryoji.doors.door import Call, Door, Empty
from ryoji.errors import Refused

door = Door("screen_applicant")


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Screen the case as it is now and record what is found."""
    case = read(table(), event["case_id"])
    if not is_screened(definition_of(case)):
        return {"outcome": "not_asked_for"}
    # Names and lists are only read where a procedure is screened: the start is kept lean.
    from ryoji.doors.screening import screen_case

    findings = screen_case(case)
    for finding in findings:
        record_in_chain(case, finding, step="screen_applicant")
    return {"outcome": "checked", "findings": [findings[-1].outcome]}


@door.route("POST", "/desk/cases/{case_id}/screening", "desk.screen_again", body=Empty, answer="DeskCase")
def screen_again(call: Call, case_id: str) -> dict[str, Any]:
    """Screen the case again: what could not be asked, or a list that is newer."""
    case = read_for(call, case_id)
    if not is_screened(definition_of(case)):
        raise Refused("not_screened")
    commands.must_be_for_screening(case, call.caller)
    from ryoji.doors.screening import screen_case

    findings = [finding.model_dump(mode="json") for finding in screen_case(case)]

    def judge(now: Case) -> list[NewAction]:
        return commands.screen_again(now, officer=call.caller, findings=findings, looked_at=case.sequence)

    return desk_view(call, command(call, case_id, judge))
