"""PAXLST: the passengers of a flight (WCO/IATA/ICAO guide; D.05B, and what D.12B says alike)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from ryoji.permissions.edifact.interchange import Message
from ryoji.permissions.edifact.moments import day_of, digits_of
from ryoji.permissions.edifact.segments import Segment
from ryoji.permissions.inquiry import (
    FLIGHT_PATTERN,
    PORT_PATTERN,
    REFERENCE_LENGTH,
    REFERENCE_PATTERN,
    Passenger,
)
from ryoji.permissions.transaction import References

PASSENGER_LIST, CREW_LIST, FLIGHT_STATUS = "745", "250", "266"
RELEASES = (("D", "05B"), ("D", "12B"))
MOST_INTERACTIVE = 10
MOST_IN_BATCH = 1000
# Who travels: passengers, and passengers in transit. Crew (FM, and DDT in transit) is asked about nowhere.
_TRAVELLERS = ("FL", "DDU")
_DEPARTURE, _ARRIVAL = "125", "87"
_BIRTH, _DEPARTS, _ARRIVES = "329", "189", "232"
_ISSUED_IN = "91"
# Code list 3493: 1 is the nationality at birth, 3 a former one. Neither says who needs a permission.
_PRESENT_NATIONALITY = "2"
_PARTS_OF_A_DAY = {"602": 4, "610": 6}
_FLIGHT, _PORT = re.compile(FLIGHT_PATTERN), re.compile(PORT_PATTERN)
_REFERENCE = re.compile(REFERENCE_PATTERN)
# Hours and minutes, where a moment has them.
_TIME = re.compile("(?:(?:[01][0-9]|2[0-3])[0-5][0-9])?")


@dataclass(slots=True)
class Line:
    """One passenger's loop while it is read."""

    document_type: str = ""
    number: str = ""
    issuing_state: str = ""
    birth_date: str = ""
    nationalities: frozenset[str] = frozenset()
    passenger: str = ""
    booking: str = ""
    at_passport: bool = False

    @property
    def nationality(self) -> str:
        """The one that was told; which of two is the passport's nobody knows."""
        return next(iter(self.nationalities)) if len(self.nationalities) == 1 else ""

    def asked(self) -> Passenger:
        """As the inquiry takes it."""
        return Passenger(
            self.document_type, self.issuing_state, self.number, self.birth_date, self.nationality
        )

    def references(self, message: str) -> References:
        """How the carrier calls this passenger."""
        return References(self.passenger, self.booking, message)


@dataclass(slots=True)
class PassengerList:
    """What a PAXLST says. `kind` is BGM's code, `function` its second element (CP change, XR cancel, RP reduce)."""

    kind: str = ""
    function: str = ""
    transaction: str = ""
    flight: str = ""
    departure_port: str = ""
    arrival_port: str = ""
    departs: tuple[str, ...] = ()
    arrives: tuple[str, ...] = ()
    count: str | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether passengers are asked about: cancellations and the flight's status are only taken note of."""
        return self.kind == PASSENGER_LIST and self.function not in ("XR", "RP")

    @property
    def arrival(self) -> date | None:
        """The local day of arrival."""
        return day_of(self.arrives)


def read_list(message: Message) -> PassengerList:
    """Read a message's segments; what is missing stays empty. Only passenger lists of D.05B and D.12B."""
    found = PassengerList()
    line: Line | None = None
    for each in message.segments:
        if each.tag == "NAD":
            line = Line() if each.part(0) in _TRAVELLERS else None
            if line is not None:
                found.lines.append(line)
        elif each.tag == "CNT" and each.part(0) == "42":
            line, found.count = None, each.part(0, 1)
        elif line is not None:
            _of_passenger(line, each)
        else:
            _of_flight(found, each)
    return found


def faults_of(message: Message, found: PassengerList, *, interactive: bool, before: int = 0) -> list[str]:
    """Codes of what keeps a message from being answered, passenger by passenger.

    `before` are the passengers whom the same interchange has asked about in other messages.
    """
    faults = list(message.faults)
    if message.release not in RELEASES:
        faults.append("release_unknown")
    if found.kind not in (PASSENGER_LIST, FLIGHT_STATUS):
        faults.append("list_unknown")
    if faults or not found.asks:
        return faults
    if not found.transaction:
        faults.append("transaction_missing")
    if not found.flight or not found.arrival_port or found.arrival is None:
        faults.append("flight_missing")
    if not found.lines or (found.count is not None and found.count != str(len(found.lines))):
        faults.append("passenger_count")
    if len(found.lines) > (MOST_INTERACTIVE - before if interactive else MOST_IN_BATCH):
        faults.append("too_many_passengers")
    return faults + _forms(found)


def _forms(found: PassengerList) -> list[str]:
    """Codes of what has another form than a flight's or a reference's: it is kept with the answer, and echoed."""
    faults = []
    if found.flight and not _FLIGHT.fullmatch(found.flight):
        faults.append("flight_form")
    if not all(_PORT.fullmatch(port) for port in (found.departure_port, found.arrival_port) if port):
        faults.append("port_form")
    if not all(_is_moment(when) for when in (found.departs, found.arrives) if when):
        faults.append("time_form")
    named = [text for line in found.lines for text in (line.passenger, line.booking)]
    if not all(_is_reference(text) for text in (found.transaction, *named)):
        faults.append("reference_form")
    return faults


def _is_reference(text: str) -> bool:
    return len(text) <= REFERENCE_LENGTH and bool(_REFERENCE.fullmatch(text))


def _is_moment(when: tuple[str, ...]) -> bool:
    """A real day and, if they are told, hour and minute."""
    return len(when) <= 2 and day_of(when) is not None and _TIME.fullmatch(digits_of(when)[8:]) is not None


def _of_flight(found: PassengerList, each: Segment) -> None:
    code = each.part(0)
    if each.tag == "BGM":
        found.kind, found.function = code, each.part(1)
    elif each.tag == "RFF" and code == "TN":
        found.transaction = each.part(0, 1)
    elif each.tag == "TDT" and code == "20":
        found.flight = each.part(1)
    elif each.tag == "LOC" and code == _DEPARTURE:
        found.departure_port = each.part(1)
    elif each.tag == "LOC" and code == _ARRIVAL:
        found.arrival_port = each.part(1)
    elif each.tag == "DTM" and code == _DEPARTS:
        found.departs = each.elements[0][1:]
    elif each.tag == "DTM" and code == _ARRIVES:
        found.arrives = each.elements[0][1:]


def _of_passenger(line: Line, each: Segment) -> None:
    code = each.part(0)
    if each.tag == "DOC":
        # A visa's number may stand beside the passport's; only the first passport counts.
        line.at_passport = code.startswith("P") and not line.number
        if line.at_passport:
            line.document_type, line.number = code, each.part(1)
    elif each.tag == "LOC" and code == _ISSUED_IN and line.at_passport:
        line.issuing_state = each.part(1)
    elif each.tag == "DTM" and code == _BIRTH:
        line.birth_date = _birth(each.part(0, 1), each.part(0, 2))
    elif each.tag == "NAT" and code == _PRESENT_NATIONALITY:
        line.nationalities |= {each.part(1)}
    elif each.tag == "RFF" and code == "ABO":
        line.passenger = each.part(0, 1)
    elif each.tag == "RFF" and code == "AVF":
        line.booking = each.part(0, 1)


def _birth(value: str, code: str) -> str:
    """A birth date as the inquiry takes it; of 602 (CCYY) and 610 (CCYYMM) the rest is unknown."""
    if code in _PARTS_OF_A_DAY and len(value) == _PARTS_OF_A_DAY[code]:
        value = value.ljust(8, "X")
    return f"{value[:4]}-{value[4:6]}-{value[6:]}" if len(value) == 8 and value[:4].isdigit() else value
