"""Accredited agencies: who may file for others, for which procedures, how many a month, and who is suspended."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from ryoji.adapters.agency_table import AgencyTable
from ryoji.cases.agency import Agency
from ryoji.cases.case import Case
from ryoji.cases.log import SlotChange
from ryoji.catalogue.definition import Procedure
from ryoji.doors.cases import definition_of, table
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


def used_in(agency: Agency, now: datetime) -> int:
    """How many applications of this month the agency has used."""
    month = _month(now)
    return table().taken(_counter(agency), month, month).get(month, 0)


def _counter(agency: Agency) -> str:
    return f"agency {agency.code}"


def _month(now: datetime) -> str:
    return now.astimezone(ZoneInfo("Asia/Tokyo")).date().isoformat()[:7]


def quota_of(case: Case, now: datetime) -> tuple[SlotChange, ...]:
    """One application of the agency's month; nothing for whoever files alone."""
    if not case.holder.startswith(HOLDER):
        return ()
    agency = agency_may_file(case.holder.removeprefix(HOLDER), definition_of(case))
    return (SlotChange(_counter(agency), _month(now), 1, agency.monthly_quota),)
