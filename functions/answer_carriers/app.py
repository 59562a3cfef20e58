"""May this passenger board? One question for one to many of them, in JSON or UN/EDIFACT, and its proof."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from chalice.app import Response
from pydantic import Field

from ryoji.adapters.deadline import Deadline
from ryoji.adapters.inquiry_table import InquiryTable
from ryoji.doors.carriers import (
    BUDGET_SECONDS,
    Answered,
    OverLimit,
    ask,
    asking,
    carrier,
    proved,
    push_key,
)
from ryoji.doors.door import Body, Call, Door
from ryoji.errors import FieldError, Invalid
from ryoji.permissions.carrier import Carrier
from ryoji.permissions.changes import shown
from ryoji.permissions.inquiry import (
    FLIGHT_PATTERN,
    PORT_PATTERN,
    REFERENCE_LENGTH,
    REFERENCE_PATTERN,
    Passenger,
    boarding_window,
)
from ryoji.permissions.transaction import Flight, References

# Long because the shapes of question and answer stand beside the doors that take them.
door = Door("answer_carriers")
MOST_BYTES = 1024 * 1024
OUTAGE_PROCEDURE = "RYOJI-OUTAGE-1"
EDIFACT = "application/edifact"
LOCAL_TIME = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]$"


class FlightAsked(Body):
    """The flight; times are local, YYYY-MM-DDTHH:MM."""

    designator: str = Field(pattern=FLIGHT_PATTERN)
    departure_port: str = Field(pattern=PORT_PATTERN)
    arrival_port: str = Field(pattern=PORT_PATTERN)
    departs_at: str = Field(pattern=LOCAL_TIME)
    arrives_at: str = Field(pattern=LOCAL_TIME)


class PassengerAsked(Body):
    """What stands in the machine-readable zone; what cannot be so is answered INSUFFICIENT_DATA, not refused."""

    reference: str = Field(
        default="",
        max_length=REFERENCE_LENGTH,
        pattern=REFERENCE_PATTERN,
        description="The carrier's own, in printable ASCII; no name.",
    )
    document_type: str = Field(default="P", max_length=2)
    issuing_state: str = Field(max_length=60)
    document_number: str = Field(max_length=60)
    birth_date: str = Field(max_length=60, description="YYYY-MM-DD, or YYMMDD as in the zone.")
    nationality: str = Field(max_length=60)
    # A tuple: pydantic would copy an empty list for each of four hundred passengers.
    zone: tuple[str, ...] = Field(
        default=(), max_length=3, description="The zone's two lines, if they were read."
    )


class Inquiry(Body):
    """One flight and its passengers."""

    flight: FlightAsked
    passengers: list[PassengerAsked] = Field(min_length=1, max_length=1000)


@door.route(
    "POST", "/carriers/inquiries", "inquiry.ask", body=Inquiry, answer="InquiryAnswer", most_bytes=MOST_BYTES
)
def inquire(call: Call) -> dict[str, Any]:
    """Answer for each passenger, in their order."""
    until = Deadline(BUDGET_SECONDS)
    who, asked = asking(call.caller, until), call.body.flight
    if who and not who.flies(asked.designator):
        raise Invalid("validation_failed", fields=(FieldError("/flight/designator", "not_your_flight"),))
    if _day(asked.departs_at) is None:
        raise Invalid("validation_failed", fields=(FieldError("/flight/departs_at", "wrong_form"),))
    first, last = boarding_window(call.now)
    arrival = _day(asked.arrives_at)
    if arrival is None or not first <= arrival <= last:
        raise Invalid("validation_failed", fields=(FieldError("/flight/arrives_at", "arrival_out_of_range"),))
    people = call.body.passengers
    passengers = [
        Passenger(p.document_type, p.issuing_state, p.document_number, p.birth_date, p.nationality, p.zone)
        for p in people
    ]
    flight = Flight(**asked.model_dump(), arrival=arrival)
    references = [References(p.reference) for p in people]
    with _refusals_counted():
        answered = ask(who, flight, passengers, references, call.now, until)
    _count([answered])
    return {
        "inquiry": answered.inquiry,
        "answers": [
            {"reference": p.reference, "answer": answer}
            for p, answer in zip(people, answered.answers, strict=True)
        ],
        "receipt": answered.receipt,
        "outage_procedure": OUTAGE_PROCEDURE if answered.unable else None,
    }


@door.route(
    "POST", "/carriers/edifact", "inquiry.ask", answer="Interchange", most_bytes=MOST_BYTES, reads=EDIFACT
)
def interchange(call: Call) -> Response:
    """PAXLST in, CUSRES out; an acknowledgement (CUSRES, BGM+312) is taken here too."""
    from ryoji.doors.edifact import opened

    until = Deadline(BUDGET_SECONDS)
    sent = opened(call.raw, asking(call.caller, until), call.now, until)
    with _refusals_counted():
        text = sent.answer()
    _count_refusals(sent.refused)
    _count(sent.given)
    ids = ",".join(each.inquiry for each in sent.given if each.inquiry)
    headers = {"Content-Type": EDIFACT, "Cache-Control": "no-store", **({"Inquiry-Id": ids} if ids else {})}
    return Response(body=text, status_code=200, headers=headers)


@door.route("GET", "/carriers/inquiries/{inquiry}", "inquiry.ask", answer="InquiryRecord")
def prove(call: Call, inquiry: str) -> dict[str, Any]:
    """What was answered, and whether the record is intact; another carrier's inquiry does not exist."""
    return proved(inquiry, _carrier(call).code)


@door.route("GET", "/carriers/changes", "inquiry.ask", answer="InquiryChanges")
def changes(call: Call) -> dict[str, Any]:
    """What the carrier has not yet taken note of, oldest first, and the key that its pushes are signed with."""
    who = _carrier(call)
    waiting = [shown(each) for each in InquiryTable().unacknowledged(who.code)]
    return {
        "carrier": who.code,
        "designators": list(who.designators),
        "changes": waiting,
        "push_key": push_key(who.code).hex(),
    }


@door.route("POST", "/carriers/changes/{change}/acknowledgement", "inquiry.ask", answer="Received")
def acknowledge(call: Call, change: str) -> dict[str, Any]:
    """The carrier has taken note of a change; twice is once."""
    InquiryTable().acknowledge(_carrier(call).code, change, call.now)
    return {"received": True}


def _carrier(call: Call) -> Carrier:
    return carrier(call.caller, Deadline(BUDGET_SECONDS))


@contextmanager
def _refusals_counted() -> Iterator[None]:
    try:
        yield
    except OverLimit as error:
        _count_refusals([error])
        raise


def _count_refusals(refused: list[OverLimit]) -> None:
    """A carrier that asks on over its limit is no quieter for being refused."""
    _add("InquiriesRefused", len(refused))
    _add("DocumentsGuessed", sum(each.guessing for each in refused))


def _count(given: list[Answered]) -> None:
    _add("PassengersAnswered", sum(len(a.answers) for a in given))
    _add("PassengersUnable", sum(a.unable for a in given))
    _add("DocumentsGuessed", sum(a.guessing for a in given))


def _add(name: str, value: int) -> None:
    # A metric that is not there is nothing: alarms take silence for that.
    if value:
        door.metrics.add_metric(name=name, unit="Count", value=value)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
