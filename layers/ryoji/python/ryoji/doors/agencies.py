"""Accredited agencies: who may file for others, for which procedures, how many a month, and who is suspended."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

from ryoji.adapters.agency_table import AgencyTable
from ryoji.cases.access import allowed
from ryoji.cases.agency import CODE, Agency, Change, Deed
from ryoji.cases.case import Case
from ryoji.cases.log import SlotChange
from ryoji.cases.statistics import month_of
from ryoji.catalogue.definition import Procedure
from ryoji.doors.cases import definition_of, office_of, table
from ryoji.doors.door import Call
from ryoji.doors.texts import catalogue, texts
from ryoji.errors import FieldError, Invalid, NotFound, Refused

HOLDER = "org:"


@cache
def agencies() -> AgencyTable:
    """The register of agencies."""
    return AgencyTable()


def agency_may_file(code: str, definition: Procedure) -> Agency:
    """The agency, or Refused (agency_unknown, agency_suspended, agency_not_for_this)."""
    agency = agencies().agency(code)
    if agency is None:
        raise Refused("agency_unknown")
    if agency.suspended:
        raise Refused("agency_suspended")
    if definition.id not in agency.procedures:
        raise Refused("agency_not_for_this")
    return agency


def organisation_of(holder: str) -> str | None:
    """The agency in whose name a case is held, if one is."""
    return holder.removeprefix(HOLDER) if holder.startswith(HOLDER) else None


def staff_of(code: str) -> list[dict[str, Any]]:
    """The accounts that may file in an agency's name: `email`, and whether they may sign in (`enabled`)."""
    from ryoji.adapters.accounts import in_group
    from ryoji.doors.callers import ORGANISATION

    return in_group(f"{ORGANISATION}{code}")


def noted(call: Call, did: Deed, account: str | None = None) -> Change:
    """A change that the caller makes now."""
    return Change(at=call.now, by=call.caller.id, name=call.caller.name, did=did, account=account)


def accredited(call: Call, code: str, held: Agency | None, wanted: Any) -> Agency:
    """The agency as the officer wants it; suspension and changes so far stay.

    Raises Invalid for a code, a desk or a procedure that cannot be, NotFound for an agency of somebody else's desk.
    """
    from ryoji.doors.desks import readable_desks

    desks = readable_desks(call.caller)
    if held is not None and held.desk not in desks:
        raise NotFound("agency_not_found")
    faults = [] if re.fullmatch(CODE, code) else [FieldError("/code", "wrong_form")]
    faults += [] if wanted.desk in desks else [FieldError("/desk", "not_a_choice")]
    faults += _procedures_refused(call, wanted, known_desk=wanted.desk in desks)
    if faults:
        raise Invalid("validation_failed", fields=tuple(faults))
    said = {
        "name": wanted.name.strip(),
        "desk": wanted.desk,
        "procedures": tuple(dict.fromkeys(wanted.procedures)),
        "monthly_quota": wanted.monthly_quota,
        "email": wanted.email,
    }
    if held is None:
        return Agency(code=code, **said).with_change(noted(call, "accredited"))
    changed = held.model_copy(update=said)
    return held if changed == held else changed.with_change(noted(call, "changed"))


def _procedures_refused(call: Call, wanted: Any, *, known_desk: bool) -> list[FieldError]:
    """What no agency files, and what no office of the desk takes: each mission accredits agencies for itself."""
    from ryoji.catalogue.missions import takes
    from ryoji.doors.views_of_desk import desk_title

    may_be_filed = agency_procedures(call.now)
    offices = [office for office in catalogue().offices.values() if office.desk == wanted.desk]
    faults = []
    for place, procedure in enumerate(wanted.procedures):
        pointer, definition = f"/procedures/{place}", may_be_filed.get(procedure)
        if definition is None:
            faults.append(FieldError(pointer, "not_a_choice"))
        elif known_desk and not any(takes(office, definition) for office in offices):
            title = texts().text(f"procedure.{procedure}.title", call.language)
            named = (("procedure", title), ("desk", desk_title(wanted.desk, call.language)))
            faults.append(FieldError(pointer, "not_taken_by_desk", named))
    return faults


def agency_procedures(now: datetime) -> dict[str, Procedure]:
    """The procedures in force that an agency may file, by id."""
    from ryoji.catalogue.ministry_days import ministry_day

    return {
        each.id: each
        for each in catalogue().in_force(ministry_day(now))
        if "agency" in {actor.who for actor in each.audience.actors}
    }


def at_another_mission(case: Case) -> tuple[FieldError, ...]:
    """What is wrong where an agency's case is for a mission that has not accredited the agency; else nothing.

    A case stays at the desk that took it, whichever desk accredits the agency by then.
    """
    code, office = organisation_of(case.holder), office_of(case)
    agency = agencies().agency(code) if code else None
    if agency is None or office is None or office.desk in (agency.desk, case.desk):
        return ()
    return (FieldError("/sections/mission/office", "mission_of_other_agencies"),)


def with_staff(call: Call, code: str, email: str, *, belongs: bool) -> Agency:
    """An account joins or leaves an agency. Raises NotFound (agency_not_found, account_not_found).

    First the account, then the note: a request that dies between is asked again, and both are the same twice.
    """
    from ryoji.adapters.accounts import join, leave
    from ryoji.doors.callers import ORGANISATION
    from ryoji.doors.desks import readable_desks

    agency = agencies().agency(code)
    if agency is None or agency.desk not in readable_desks(call.caller):
        raise NotFound("agency_not_found")
    (join if belongs else leave)(f"{ORGANISATION}{code}", email)
    change = noted(call, "staff_added" if belongs else "staff_removed", email)
    return agencies().change(code, lambda held: (held or agency).with_change(change))


def used_in(agency: Agency, now: datetime) -> int:
    """How many applications of this month the agency has used."""
    month = month_of(now)
    return table().taken(_counter(agency), month, month).get(month, 0)


def _counter(agency: Agency) -> str:
    return f"agency {agency.code}"


def quota_of(case: Case, now: datetime) -> tuple[SlotChange, ...]:
    """One application of the agency's month; nothing for whoever files alone."""
    code = organisation_of(case.holder)
    if code is None:
        return ()
    agency = agency_may_file(code, definition_of(case))
    return (SlotChange(_counter(agency), month_of(now), 1, agency.monthly_quota),)


def agency_view(agency: Agency, call: Call) -> dict[str, Any]:
    """The Agency of the API, as its own staff see it."""
    used = used_in(agency, call.now)
    return {
        "code": agency.code,
        "name": agency.name,
        "email": agency.email,
        "procedures": list(agency.procedures),
        "quota": agency.monthly_quota,
        "used": used,
        "left": max(0, agency.monthly_quota - used),
        "suspended": agency.suspended,
    }


def desk_agency_view(agency: Agency, call: Call) -> dict[str, Any]:
    """The DeskAgency of the API; only the desk that accredits it may suspend it, headquarters may change it."""
    from ryoji.doors.desks import readable_desks
    from ryoji.doors.views_of_desk import desk_view

    desk = desk_view(agency.desk, call.language)
    own = agency.desk in call.caller.desks and allowed(call.caller, "desk.agencies")
    # Headquarters accredit for every desk; to stop an agency is its own desk's.
    accredits = agency.desk in readable_desks(call.caller) and allowed(call.caller, "desk.accredit")
    return {
        **agency_view(agency, call),
        "desk": agency.desk,
        "desk_title": desk["title"],
        "timezone": desk["timezone"],
        "reason": agency.reason,
        "staff": staff_of(agency.code),
        "changes": [
            {
                "at": change.at.isoformat(),
                "by": change.name or change.by,
                "did": change.did,
                "account": change.account,
            }
            for change in reversed(agency.changes)
        ],
        "may": [*(["accredit"] if accredits else []), *(["suspend"] if own else [])],
    }
