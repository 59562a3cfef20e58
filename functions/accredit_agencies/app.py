"""Accredited agencies: what their staff see of their own, what the accrediting desk sees and may stop."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ryoji.cases.access import require_desk
from ryoji.cases.agency import Agency
from ryoji.doors.agencies import agencies, used_in
from ryoji.doors.door import Body, Call, Door
from ryoji.errors import NotFound

door = Door("accredit_agencies")


class Suspension(Body):
    """Whether the agency may file, and why not."""

    suspended: bool
    reason: str = Field(min_length=1, max_length=400)


@door.route("GET", "/agencies", "agency.read", answer="Agencies")
def show_own(call: Call) -> dict[str, Any]:
    """The agencies that the caller works for, with what is left of this month's quota."""
    known = [agencies().agency(code) for code in sorted(call.caller.organisations)]
    return {"agencies": [_view(agency, call) for agency in known if agency]}


@door.route("GET", "/desk/agencies/{code}", "desk.agencies", answer="Agency")
def show(call: Call, code: str) -> dict[str, Any]:
    """One agency of the officer's desk, with the reason of its suspension."""
    agency = _of_desk(call, code)
    return {**_view(agency, call), "reason": agency.reason}


@door.route(
    "POST", "/desk/agencies/{code}/suspension", "desk.agencies", body=Suspension, answer="Agency", once=True
)
def suspend(call: Call, code: str) -> dict[str, Any]:
    """Suspend an agency, or let it file again; the cases that it filed go on."""
    _of_desk(call, code)
    changed = agencies().suspend(code, suspended=call.body.suspended, reason=call.body.reason)
    # Who did it stands in the log with the request's id; the item keeps the reason.
    door.logger.info("agency_suspension", extra={"agency": code, "officer": call.caller.name})
    return {**_view(changed, call), "reason": changed.reason}


def _of_desk(call: Call, code: str) -> Agency:
    agency = agencies().agency(code)
    if agency is None:
        raise NotFound("agency_not_found")
    require_desk(call.caller, agency.desk)
    return agency


def _view(agency: Agency, call: Call) -> dict[str, Any]:
    used = used_in(agency, call.now)
    return {
        "code": agency.code,
        "name": agency.name,
        "procedures": list(agency.procedures),
        "quota": agency.monthly_quota,
        "left": max(0, agency.monthly_quota - used),
        "suspended": agency.suspended,
    }
