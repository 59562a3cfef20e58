"""Accredited agencies: who may file for others, for which procedures, how many a month, and who is suspended."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from ryoji.adapters.agency_table import AgencyTable
from ryoji.cases.access import allowed
from ryoji.cases.agency import Agency
from ryoji.cases.case import Case
from ryoji.cases.log import SlotChange
from ryoji.cases.statistics import month_of
from ryoji.catalogue.definition import Procedure
from ryoji.doors.cases import definition_of, table
from ryoji.doors.door import Call
from ryoji.errors import Refused

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


def used_in(agency: Agency, now: datetime) -> int:
    """How many applications of this month the agency has used."""
    month = month_of(now)
    return table().taken(_counter(agency), month, month).get(month, 0)


def _counter(agency: Agency) -> str:
    return f"agency {agency.code}"


def quota_of(case: Case, now: datetime) -> tuple[SlotChange, ...]:
    """One application of the agency's month; nothing for whoever files alone."""
    if not case.holder.startswith(HOLDER):
        return ()
    agency = agency_may_file(case.holder.removeprefix(HOLDER), definition_of(case))
    return (SlotChange(_counter(agency), month_of(now), 1, agency.monthly_quota),)


def agency_view(agency: Agency, call: Call) -> dict[str, Any]:
    """The Agency of the API, as its own staff see it."""
    used = used_in(agency, call.now)
    return {
        "code": agency.code,
        "name": agency.name,
        "procedures": list(agency.procedures),
        "quota": agency.monthly_quota,
        "used": used,
        "left": max(0, agency.monthly_quota - used),
        "suspended": agency.suspended,
    }


def desk_agency_view(agency: Agency, call: Call) -> dict[str, Any]:
    """The DeskAgency of the API; only the desk that accredits it may suspend it."""
    from ryoji.doors.views_of_desk import desk_title

    own = agency.desk in call.caller.desks and allowed(call.caller, "desk.agencies")
    return {
        **agency_view(agency, call),
        "desk": agency.desk,
        "desk_title": desk_title(agency.desk, call.language),
        "reason": agency.reason,
        "staff": staff_of(agency.code),
        "may": ["suspend"] if own else [],
    }
