"""A check through its two doors: at upload for the applicant's eyes, in the chain for the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case, Document, RecordedFinding
from ryoji.doors.cases import by_system, case_view, command, definition_of, read_for, table
from ryoji.doors.door import Call, Door, Empty
from ryoji.errors import NotFound, Refused
from ryoji.evidence.finding import Finding

Look = Callable[[Case, Document], Finding]


def declare_check(door: Door, check: str, look: Look) -> None:
    """Declare both doors of a check of one document; the route is described by the look's own docstring."""

    def at_upload(call: Call, case_id: str, document: str) -> dict[str, Any]:
        return check_at_upload(call, case_id, document, check, look)

    at_upload.__doc__ = look.__doc__
    path = f"/cases/{{case_id}}/documents/{{document}}/checks/{check}"
    door.route("POST", path, "case.check", body=Empty, answer="Checked")(at_upload)
    door.step(lambda event: check_in_chain(event["case_id"], check, look))


def check_at_upload(call: Call, case_id: str, document: str, check: str, look: Look) -> dict[str, Any]:
    """Check the latest upload of a document and tell the applicant at once.

    What is known of the same upload and the same answers is told again, and nothing looks at the picture again.
    """
    case = read_for(call, case_id)
    definition = definition_of(case).document(document)
    held = case.documents.get(document)
    if definition is None or held is None or check not in definition.checks:
        raise NotFound("document_not_found")
    if case.status not in ("draft", "correction"):
        raise Refused("wrong_status", status=case.status)
    known = commands.found_at_upload(case, check, document)
    if known:
        return _told(call, case, known)
    commands.must_have_room(case)
    body = look(case, held).model_dump(mode="json")

    def judge(now: Case) -> list[NewAction]:
        return commands.record_finding(
            now,
            finding=body,
            door="upload",
            document=document,
            upload_id=held.upload_id,
            looked_at=case.sequence,
        )

    after = command(call, case_id, judge)
    return _told(call, after, after.latest(check, document) or after.findings[-1])


def _told(call: Call, case: Case, found: RecordedFinding) -> dict[str, Any]:
    from ryoji.doors.cases import reader_of
    from ryoji.doors.views import finding_view

    return {"finding": finding_view(found, reader_of(call, case)), "case": case_view(call, case)}


def check_in_chain(case_id: str, check: str, look: Look) -> dict[str, Any]:
    """Check every document of the case that gets this check, and record what is found."""
    from ryoji.cases.log import read

    case = read(table(), case_id)
    outcomes = []
    for document in definition_of(case).documents:
        held = case.documents.get(document.id)
        if check in document.checks and held is not None:
            outcomes.append(_look_and_record(case, document.id, held, check, look))
    return {"outcome": "checked", "findings": outcomes}


def _look_and_record(case: Case, document: str, held: Document, check: str, look: Look) -> str:
    finding = look(case, held)
    record_in_chain(case, finding, step=f"check_{check}", document=document, upload_id=held.upload_id)
    return finding.outcome


def record_in_chain(
    case: Case, finding: Finding, *, step: str, document: str | None = None, upload_id: str | None = None
) -> None:
    """Record what was found in a case as it was read, for the officer; the same is recorded once a round."""
    body, seen = finding.model_dump(mode="json"), case.sequence
    by_system(
        case.case_id,
        lambda now: commands.record_finding(
            now, finding=body, door="chain", document=document, upload_id=upload_id, looked_at=seen
        ),
        step=step,
    )
