"""The visa or authorization itself: sealed, recorded, put where airlines ask; changed when its standing changes."""

# Long because the holder's page, the printed page, the desk's change and the border's reports are its doors, and the
# clock's round when a signer was revoked.

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.cases.log import read
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.doors.cases import by_system, command, definition_of, desk_view, read_for, table
from ryoji.doors.door import Body, Call, Door
from ryoji.errors import Conflict, NotFound, Refused, Unavailable

door = Door("issue_permission")
FARTHEST_EAST = timedelta(hours=14)


class Change(Body):
    """What becomes of a permission, and on which ground; the holder is told that, not why."""

    status: Literal["active", "revoked", "cancelled", "replaced"]
    ground: str = Field(min_length=1, max_length=400)


class Entry(Body):
    """The border's report that a permission was used."""

    number: str = Field(min_length=4, max_length=32)


class Overstay(Body):
    """The border's report that a permission's holder stayed too long: on this day they were found or left."""

    number: str = Field(min_length=4, max_length=32)
    on: date


@door.route("GET", "/cases/{case_id}/permission", "case.read", answer="Wallet")
def show(call: Call, case_id: str) -> dict[str, Any]:
    """The holder's permission: its seal, the code as rows of modules, and how it stands now."""
    from ryoji.doors.permissions import wallet

    return wallet(_issued(read_for(call, case_id)), call.now)


@door.route("GET", "/cases/{case_id}/permission/page", "case.read", answer="PermissionPage")
def print_page(call: Call, case_id: str) -> dict[str, Any]:
    """The page to print, as PDF in base64; only of what is in force, for no page says that it has ended."""
    from base64 import b64encode

    from ryoji.doors.permissions import printed

    case = _issued(read_for(call, case_id))
    commands.must_be_in_force(case, ministry_day(call.now))
    name = f"{(case.permission or {})['number']}.pdf"
    return {"name": name, "pdf": b64encode(printed(case, call.now)).decode()}


def _issued(case: Case) -> Case:
    if case.permission is None:
        raise NotFound("permission_not_found")
    return case


@door.route(
    "POST",
    "/desk/cases/{case_id}/permission",
    "desk.change_permission",
    body=Change,
    answer="DeskCase",
    once=True,
)
def change(call: Call, case_id: str) -> dict[str, Any]:
    """Revoke, cancel, mark as replaced, or undo a revocation: what was used before it is used again."""
    asked = {**call.body.model_dump(), "today": ministry_day(call.now)}
    changed = command(call, case_id, lambda case: commands.change_permission(case, **asked))
    _publish_at_once(changed)
    return desk_view(call, changed)


@door.route("POST", "/partner/entries", "permission.report", body=Entry, answer="Empty")
def report_entry(call: Call) -> dict[str, Any]:
    """Border control reports an entry: a single-entry permission is used up."""
    from ryoji.doors.permissions import command_by_border

    _publish_at_once(
        command_by_border(call, call.body.number, lambda case: _use(case, ministry_day(call.now)))
    )
    return {}


@door.route("POST", "/partner/overstays", "permission.report", body=Overstay, answer="Empty")
def report_overstay(call: Call) -> dict[str, Any]:
    """Border control reports an overstay: screening finds it when the same person applies again."""
    from ryoji.doors.permissions import command_by_border

    on = call.body.on
    # A day may have begun at the border that has not yet begun here.
    today = (call.now + FARTHEST_EAST).date()
    command_by_border(call, call.body.number, lambda case: commands.record_overstay(case, on=on, today=today))
    return {}


def _publish_at_once(case: Case) -> None:
    """Airlines and verifiers are told before the answer; the stream, which may be minutes behind, is for what fails."""
    from ryoji.doors.permissions import publish

    try:
        publish(case)
    except (Conflict, Unavailable):
        door.logger.warning("published_later", extra={"case_id": case.case_id})


def _use(case: Case, today: date) -> list[NewAction]:
    if case.permission and case.permission["entries"] == "multiple":
        return []
    return commands.change_permission(case, status="used", ground=None, today=today)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`issue` from the machine; `publish` from the stream when a permission's standing has changed.

    `seal_again` from the clock: what is in force under a revoked signer gets another seal.
    """
    from ryoji.doors.permissions import publish

    now = datetime.now(UTC)
    if event["do"] == "seal_again":
        return _seal_again(now)
    if event["do"] == "publish":
        publish(read(table(), event["case_id"]))
        return {"outcome": "published"}
    case = by_system(event["case_id"], lambda case: _issue(case, now), step="issue_permission", now=now)
    if case.permission is None:
        return {"outcome": "ended"}
    # Recorded first: a repetition after a fault here finds the same permission and puts the same.
    publish(case)
    return {"outcome": "issued"}


def _seal_again(now: datetime) -> dict[str, Any]:
    from ryoji.doors.sealing_again import seal_again

    failed: list[Exception] = []

    def broken(error: Exception, row: dict[str, Any]) -> None:
        failed.append(error)
        door.logger.error(
            "not_sealed_again", extra={"error": type(error).__name__, "case_id": row["case_id"]}
        )

    sealed, all_reached = seal_again(now, broken)
    if sealed:
        door.metrics.add_metric(name="PermissionsSealedAgain", unit="Count", value=sealed)
    if failed:
        # All others were served; the next round finds it again, and somebody looks if it goes on.
        raise failed[0]
    return {"outcome": "sealed_again", "sealed": sealed, "all_reached": all_reached}


def _issue(case: Case, now: datetime) -> list[NewAction]:
    from ryoji.cases.permit import is_too_late
    from ryoji.doors.permissions import permission_of

    if case.permission or case.status in ("withdrawn", "lapsed", "refused"):
        return []
    if case.status != "issuance":
        raise Refused("wrong_status", status=case.status)
    if recalled := commands.recall_approval(case):
        return recalled
    if is_too_late(case, definition_of(case).permit, ministry_day(now)):
        # Of an expired passport no seal can be made, and the machine would fail at it for good.
        return commands.lapse_unissued(case)
    return commands.issue_permission(case, **permission_of(case, now))
