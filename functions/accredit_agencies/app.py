"""Accredited agencies: what their staff see of their own, what the accrediting desk sees, makes and may stop."""

# Long because an agency has seven routes, and what is sent to three of them is described here.

from __future__ import annotations

from typing import Any

from pydantic import Field

from ryoji.cases.access import require_desk
from ryoji.cases.agency import Agency
from ryoji.doors.agencies import agencies, agency_view, desk_agency_view, noted, with_staff
from ryoji.doors.desks import readable_desks, require_readable
from ryoji.doors.door import Body, Call, Door
from ryoji.errors import NotFound

door = Door("accredit_agencies")


EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,190}$"


class Accreditation(Body):
    """What an agency is called, which desk accredits it, what it may file and how many applications a month.

    `email`: where it is written to about all that it files.
    """

    name: str = Field(min_length=1, max_length=120)
    email: str = Field(pattern=EMAIL)
    desk: str = Field(min_length=1, max_length=60)
    procedures: list[str] = Field(min_length=1, max_length=50)
    monthly_quota: int = Field(ge=0, le=1_000_000)


class Account(Body):
    """An account by its e-mail address."""

    email: str = Field(pattern=EMAIL)


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
    from ryoji.doors.views_of_desk import desk_view

    require_readable(call.caller, desk)
    found, cursor = agencies().of_desk(desk, call.query.get("cursor"))
    desks = [desk_view(each, call.language) for each in readable_desks(call.caller)]
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
    "PUT", "/desk/agencies/{code}", "desk.accredit", body=Accreditation, answer="DeskAgency", once=True
)
def accredit(call: Call, code: str) -> dict[str, Any]:
    """Accredit an agency, or change what it may file and how much; a suspension stays as it is."""
    from ryoji.doors.agencies import accredited

    return _changed(call, agencies().change(code, lambda held: accredited(call, code, held, call.body)))


@door.route(
    "POST", "/desk/agencies/{code}/staff", "desk.accredit", body=Account, answer="DeskAgency", once=True
)
def add_staff(call: Call, code: str) -> dict[str, Any]:
    """Let an account file in the agency's name; from its next sign-in on."""
    return _changed(call, with_staff(call, code, call.body.email, belongs=True))


@door.route(
    "POST",
    "/desk/agencies/{code}/staff/removal",
    "desk.accredit",
    body=Account,
    answer="DeskAgency",
    once=True,
)
def remove_staff(call: Call, code: str) -> dict[str, Any]:
    """Take an account out of the agency; what it holds now ends with its token, within the hour."""
    return _changed(call, with_staff(call, code, call.body.email, belongs=False))


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
    stops = call.body.suspended
    change = noted(call, "suspended" if stops else "restored")
    return _changed(call, agencies().suspend(code, suspended=stops, reason=call.body.reason, change=change))


def _changed(call: Call, agency: Agency) -> dict[str, Any]:
    # With the request's id; the agency itself keeps who did what when.
    last = agency.changes[-1] if agency.changes else None
    door.logger.info(
        "agency_changed",
        extra={"agency": agency.code, "did": last.did if last else None, "officer": call.caller.id},
    )
    return desk_agency_view(agency, call)


def _known(code: str) -> Agency:
    agency = agencies().agency(code)
    if agency is None:
        raise NotFound("agency_not_found")
    return agency
