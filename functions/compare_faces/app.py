"""Faces compared: the portrait with the passport's picture in the chain, with the camera's at the counter."""

from __future__ import annotations

from typing import Any

from ryoji.cases import commands
from ryoji.cases.log import read
from ryoji.doors.cases import command, desk_view, read_for, table
from ryoji.doors.checks import record_in_chain
from ryoji.doors.door import Call, Door, Empty
from ryoji.doors.pictures import look_at_faces
from ryoji.errors import Refused

door = Door("compare_faces")

PORTRAIT, PASSPORT_PAGE, COUNTER_PICTURE = "portrait", "passport_page", "counter_picture"


@door.route(
    "POST", "/desk/cases/{case_id}/counter-check", "desk.counter", body=Empty, answer="CounterChecked"
)
def at_counter(call: Call, case_id: str) -> dict[str, Any]:
    """A band with its threshold for the person who came; the officer decides who it is."""
    from ryoji.doors.cases import reader_of
    from ryoji.doors.views import finding_view

    case = read_for(call, case_id)
    commands.must_be(case, "collection")
    taken, portrait = case.documents.get(COUNTER_PICTURE), case.documents.get(PORTRAIT)
    if taken is None or portrait is None:
        raise Refused("take_a_picture_first")
    finding = look_at_faces(portrait, taken).model_dump(mode="json")
    after = command(
        call,
        case_id,
        lambda now: commands.record_finding(
            now, finding=finding, door="counter", document=COUNTER_PICTURE, upload_id=taken.upload_id
        ),
    )
    return {
        "finding": finding_view(
            after.latest("faces", COUNTER_PICTURE) or after.findings[-1], reader_of(call, after)
        ),
        "case": desk_view(call, after),
    }


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """Compare the portrait with the picture in the current passport."""
    case = read(table(), event["case_id"])
    portrait, page = case.documents.get(PORTRAIT), case.documents.get(PASSPORT_PAGE)
    if portrait is None or page is None:
        return {"outcome": "nothing_to_compare"}
    finding = look_at_faces(portrait, page)
    record_in_chain(case, finding, step="compare_faces", document=PORTRAIT, upload_id=portrait.upload_id)
    return {"outcome": "checked", "findings": [finding.outcome]}
