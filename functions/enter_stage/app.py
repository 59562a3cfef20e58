"""The machine enters a stage, or says that a check could not be made: the step that needs no person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ryoji.cases import commands
from ryoji.cases.case import Case
from ryoji.doors.cases import by_system, due_of
from ryoji.doors.door import Door

door = Door("enter_stage")


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`enter` a stage → `entered` or `ended`; `record_unavailable` a check → `recorded`."""
    if event["do"] == "record_unavailable":
        return _record_unavailable(event["case_id"], event["check"])
    stage = event["stage"]
    now = datetime.now(UTC)
    case = by_system(
        event["case_id"],
        lambda case: commands.start_stage(case, stage=stage, due=due_of(case, stage, now)),
        step="enter_stage",
        now=now,
    )
    return {"outcome": "ended" if case.ended else "entered"}


def _record_unavailable(case_id: str, check: str) -> dict[str, Any]:
    from ryoji.evidence.finding import Finding, Reason

    reason = Reason(code="could_not_be_made", outcome="unavailable")
    finding = Finding(check=check, outcome="unavailable", reasons=(reason,)).model_dump(mode="json")

    def judge(case: Case) -> list[commands.NewAction]:
        return commands.record_finding(case, finding=finding, door="chain", document=None, upload_id=None)

    by_system(case_id, judge, step="enter_stage")
    return {"outcome": "recorded"}
