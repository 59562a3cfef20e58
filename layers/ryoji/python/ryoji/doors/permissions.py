"""Permissions at the doors: made, sealed, shown to the holder, and put into the register that airlines ask."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ryoji.cases.case import Case
from ryoji.cases.log import Judge, record
from ryoji.cases.standing import standing
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.catalogue.subject import PRINTED_SEX
from ryoji.doors.cases import definition_of, office_of, table
from ryoji.errors import NotFound, Rejected
from ryoji.issuance.issued import Issued

if TYPE_CHECKING:
    from ryoji.adapters.permission_table import PermissionTable
    from ryoji.catalogue.definition import Permit
    from ryoji.doors.door import Call


@cache
def register() -> PermissionTable:
    """The register of permissions."""
    from ryoji.adapters.permission_table import PermissionTable

    return PermissionTable()


def permission_of(case: Case, now: datetime) -> dict[str, Any]:
    """The permission of an approved case, sealed. Raises Rejected (no_permit) for a procedure without one."""
    from ryoji.adapters.sealing import seal
    from ryoji.cases.permit import permission_for
    from ryoji.doors.seals import seal_rules
    from ryoji.issuance.records import sealed_by

    made = permission_for(case, _permit(case), ministry_day(now))
    text = seal(issued(case, made), seal_rules(), now)
    return {**made, "seal": text, "sealed_by": sealed_by(text)}


def _permit(case: Case) -> Permit:
    permit = definition_of(case).permit
    if permit is None:
        raise Rejected("no_permit")
    return permit


def issued(case: Case, permission: dict[str, Any]) -> Issued:
    """What a seal and a page say of a permission."""
    traveller = case.sections["traveller"]
    office = office_of(case)
    return Issued(
        kind=permission["kind"],
        number=permission["number"],
        surname=traveller["surname"],
        given_names=traveller["given_names"] or "",
        passport_number=permission["document"],
        birth_date=traveller["birth_date"],
        nationality=traveller["nationality"],
        sex=PRINTED_SEX[traveller["sex"]],
        # Compiling the catalogue saw to it that whoever issues has a place; without one no seal is made.
        place_of_issue=(office.place if office else None) or "",
        valid_from=date.fromisoformat(permission["valid_from"]),
        valid_until=date.fromisoformat(permission["valid_until"]),
        type=_permit(case).type,
        stay_days=permission["stay_days"],
        entries=1 if permission["entries"] == "single" else None,
    )


def publish(case: Case) -> None:
    """Put a case's permission into the register as it stands; twice is once. Raises Unavailable."""
    from ryoji.permissions.permission import Permission, TravelDocument

    held = case.permission
    if held is None:
        return
    traveller = case.sections["traveller"]
    permission = Permission(
        number=held["number"],
        case_id=case.case_id,
        kind=held["kind"],
        programme=held["programme"],
        document=TravelDocument(issuing_state=held["issuing_state"], number=held["document"]),
        birth_date=traveller["birth_date"],
        nationality=traveller["nationality"],
        valid_from=date.fromisoformat(held["valid_from"]),
        valid_until=date.fromisoformat(held["valid_until"]),
        entries=held["entries"],
        stay_days=held["stay_days"],
        # As it stands by now: what was revoked before it was ever put there must not be in force for a moment.
        status=held["status"],
        since=held["changed_at"],
    )
    register().put(permission)
    if held["status"] != "active" or held["changed_at"] != held["issued_at"]:
        register().change_status(held["number"], held["status"], held["changed_at"], sequence=case.sequence)


def command_by_border(call: Call, number: str, judge: Judge) -> Case:
    """Judge what border control reports of a permission; the scope was required before.

    Raises NotFound when there is no permission of that number.
    """
    found = register().status_of(number)
    if found is None:
        raise NotFound("permission_not_found")

    def holds(case: Case) -> None:
        if (case.permission or {}).get("number") != number:
            raise NotFound("permission_not_found")

    return record(table(), found.case_id, judge, by=call.actor, now=call.now, once=call.once, guard=holds)


def wallet(case: Case, now: datetime) -> dict[str, Any]:
    """What the holder keeps on the phone: it works without a network."""
    from ryoji.issuance.qr import encode

    held = case.permission or {}
    traveller = case.sections["traveller"]
    code = encode(held["seal"])
    shown = ("number", "kind", "programme", "valid_from", "valid_until", "entries", "stay_days")
    return {
        **{name: held[name] for name in shown},
        "status": standing(held, ministry_day(now)),
        "document": {"issuing_state": held["issuing_state"], "number": held["document"]},
        "name": " ".join(part for part in (traveller["surname"], traveller["given_names"]) if part),
        "seal": held["seal"],
        "code": ["".join("1" if dark else "0" for dark in row) for row in code.rows],
        "as_of": now.isoformat(),
    }


def printed(case: Case, now: datetime) -> bytes:
    """The page as PDF, with the portrait and a machine-readable zone."""
    from ryoji.adapters import objects
    from ryoji.doors.seals import seal_rules
    from ryoji.doors.texts import texts
    from ryoji.issuance.page_texts import page_texts
    from ryoji.issuance.pdf import page
    from ryoji.issuance.seal_profile import elements_of
    from ryoji.issuance.vdsnc import read
    from ryoji.issuance.zone import visa_zone

    held = case.permission or {}
    # The catalogue's words may be others now: the page says what its seal says.
    sealed = elements_of(read(held["seal"]).message, seal_rules())
    what = replace(issued(case, held), place_of_issue=sealed["place_of_issue"], type=sealed["type"])
    portrait = case.documents.get("portrait")
    return page(
        what,
        held["seal"],
        page_texts(texts(), held["kind"], os.environ.get("SITE", "")),
        now,
        zone=visa_zone(what, seal_rules()),
        portrait=objects.clean(portrait.key) if portrait else None,
    )


class RegisterStatus:
    """The register as the verification of a seal asks it (`ryoji.issuance.verification.PermissionStatus`)."""

    def __init__(self, today: date) -> None:
        self.today = today

    def status_of(self, number: str) -> Any:
        """How the permission stands today; `not_checked` when the register does not answer."""
        from ryoji.errors import Unavailable

        try:
            found = register().status_of(number)
        except Unavailable:
            return "not_checked"
        return found.status_on(self.today) if found else "unknown"
