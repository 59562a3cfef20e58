"""The visit, for the handover or to an interview: slots with a capacity, taken and given back with the action."""

# Long because the visit has two sides, the applicant's and the counter's; each of the five routes is thin.

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ryoji.cases import commands
from ryoji.cases.access import require_desk
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case
from ryoji.cases.log import SlotChange
from ryoji.cases.slots import freed, open_slots, taken_for
from ryoji.doors.cases import case_view, command, office_of, read_for, table
from ryoji.doors.door import Body, Call, Door
from ryoji.doors.texts import catalogue
from ryoji.errors import FieldError, Invalid, NotFound

door = Door("appointments")
DAYS_SHOWN = 7


class Booking(Body):
    """The slot's start, as the slots' list gave it."""

    start: str


@door.route("GET", "/cases/{case_id}/slots", "case.read", answer="Slots")
def list_slots(call: Call, case_id: str) -> dict[str, Any]:
    """Seven days of slots of the case's office, with the places that are left."""
    from ryoji.doors.views import office_view

    case = read_for(call, case_id)
    commands.must_be_expected(case)
    office = office_of(case)
    if office is None:
        raise NotFound("office_not_found")
    first = _date(call.query.get("from"), office.today(call.now))
    slots = open_slots(office, catalogue().calendar(office.calendar), first, DAYS_SHOWN, call.now)
    slots = [start for start in slots if start[:10] <= _last_day(case)]
    taken = table().taken(office.code, slots[0], slots[-1]) if slots else {}
    left = [
        {"start": start, "left": max(0, office.appointments.capacity - taken.get(start, 0))}
        for start in slots
    ]
    return {"office": office_view(office, call.language), "slots": left}


def _last_day(case: Case) -> str:
    """The last day of an interview; a handover's time may be any, for its deadline is watched by itself."""
    return (case.open_interview.due if case.open_interview else None) or "9999-12-31"


def _date(text: str | None, fallback: date) -> date:
    try:
        return max(date.fromisoformat(text or ""), fallback - timedelta(days=1))
    except ValueError:
        return fallback


@door.route("POST", "/cases/{case_id}/appointment", "case.book", body=Booking, once=True)
def book(call: Call, case_id: str) -> dict[str, Any]:
    """Take a slot; an earlier one is given back."""
    start = call.body.start

    def judge(case: Case) -> list[NewAction]:
        office = office_of(case)
        if office is None:
            raise NotFound("office_not_found")
        day = _date(start[:10], office.today(call.now))
        if start not in open_slots(office, catalogue().calendar(office.calendar), day, 1, call.now):
            raise Invalid("validation_failed", fields=(FieldError("/start", "no_such_slot"),))
        return commands.book_appointment(case, office=office.code, start=start)

    def slots(case: Case) -> tuple[SlotChange, ...]:
        office = office_of(case)
        return taken_for(case, office, start) if office else ()

    return case_view(call, command(call, case_id, judge, slots=slots))


@door.route("DELETE", "/cases/{case_id}/appointment", "case.book", once=True)
def cancel(call: Call, case_id: str) -> dict[str, Any]:
    """Give the slot back."""
    return case_view(call, command(call, case_id, commands.cancel_appointment, slots=freed))


@door.route("GET", "/desk/offices", "desk.offices", answer="Offices")
def list_own_offices(call: Call) -> dict[str, Any]:
    """The offices of the officer's desks."""
    from ryoji.doors.views import office_view

    own = [office for office in catalogue().offices.values() if office.desk in call.caller.desks]
    return {"offices": [office_view(office, call.language) for office in own]}


@door.route("GET", "/desk/appointments/{office}", "desk.appointments", answer="Appointments")
def list_appointments(call: Call, office: str) -> dict[str, Any]:
    """A day's appointments of an office, in order."""
    from ryoji.doors.views_of_desk import appointment_row

    place = catalogue().office(office)
    require_desk(call.caller, place.desk)
    day = call.query.get("date") or place.today(call.now).isoformat()
    return {"appointments": [appointment_row(row) for row in table().visits(place.code, day)]}
