"""Which desks an officer may look at beyond the cases of their own: headquarters look at all."""

from __future__ import annotations

from ryoji.cases.access import Caller
from ryoji.doors.texts import catalogue
from ryoji.errors import NotFound


def readable_desks(caller: Caller) -> list[str]:
    """The desks whose figures and agencies an officer may read: their own; every desk's at headquarters."""
    offices = catalogue().offices.values()
    central = {office.desk for office in offices if office.kind == "headquarters"}
    known = {office.desk for office in offices}
    return sorted(known if caller.desks & central else known & caller.desks)


def require_readable(caller: Caller, desk: str) -> None:
    """Raise NotFound (desk_not_found) alike for a desk that is not the officer's to read and for none."""
    if desk not in readable_desks(caller):
        raise NotFound("desk_not_found")
