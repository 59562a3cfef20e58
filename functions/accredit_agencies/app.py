"""Accredited agencies: what their staff see of their own, what the accrediting desk sees and may stop."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ryoji.cases.access import require_desk
from ryoji.cases.agency import Agency
from ryoji.doors.agencies import agencies, agency_view, desk_agency_view
from ryoji.doors.desks import readable_desks, require_readable
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
    return {"agencies": [agency_view(agency, call) for agency in known if agency]}


@door.route("GET", "/desk/desks/{desk}/agencies", "desk.read_agencies", answer="DeskAgencies")
def show_all(call: Call, desk: str) -> dict[str, Any]:
    """One page of the agencies that a desk accredits; headquarters may ask about every desk."""
    from ryoji.doors.views_of_desk import desk_title

    require_readable(call.caller, desk)
    found, cursor = agencies().of_desk(desk, call.query.get("cursor"))
    desks = [{"desk": d, "title": desk_title(d, call.language)} for d in readable_desks(call.caller)]
    return {
        "desks": desks,
        "agencies": [desk_agency_view(agency, call) for agency in found],
        "cursor": cursor,
    }


@door.route("GET", "/desk/agencies/{code}", "desk.read_agencies", answer="DeskAgency")
def show(call: Call, code: str) -> dict[str, Any]:
    """One agency with its staff and the reason of its suspension."""
    agency = _known(code)
    if agency.desk not in readable_desks(call.caller):
        raise NotFound("agency_not_found")
    return desk_agency_view(agency, call)


@door.route(
    "POST",
    "/desk/agencies/{code}/suspension",
    "desk.agencies",
    body=Suspension,
    answer="DeskAgency",
    once=True,
)
def suspend(call: Call, code: str) -> dict[str, Any]:
    """Suspend an agency, or let it file again; the cases that it filed go on."""
    require_desk(call.caller, _known(code).desk)
    said, by = call.body, call.caller.id
    changed = agencies().suspend(code, suspended=said.suspended, reason=said.reason, by=by)
    door.logger.info("agency_suspension", extra={"agency": code, "officer": by})
    return desk_agency_view(changed, call)


def _known(code: str) -> Agency:
    agency = agencies().agency(code)
    if agency is None:
        raise NotFound("agency_not_found")
    return agency
