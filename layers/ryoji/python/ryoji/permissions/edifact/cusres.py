"""CUSRES: answers to passenger lists (BGM+962), changes afterwards (BGM+132), acknowledgements of those (BGM+312)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ryoji.permissions.edifact.interchange import Envelope, Message, close_envelope, wrap
from ryoji.permissions.edifact.paxlst import PassengerList
from ryoji.permissions.edifact.segments import Segment, segment, write
from ryoji.permissions.inquiry import Answer
from ryoji.permissions.transaction import Flight, References

ANSWERED, CHANGED, ACKNOWLEDGED = "962", "132", "312"
# 0Z alone lets somebody board. 2Z is advisory in the codes that are known; that it says "unable" is our profile.
CODES: dict[Answer, str] = {
    "OK_TO_BOARD": "0Z",
    "NO_BOARD": "1Z",
    "UNABLE": "2Z",
    "INSUFFICIENT_DATA": "4Z",
}
OUTAGE_PROCEDURE = "RYOJI-OUTAGE-1"
WORDS: dict[Answer, str] = {
    "OK_TO_BOARD": "OK TO BOARD",
    "NO_BOARD": "NO BOARD",
    "UNABLE": f"UNABLE, FOLLOW OUTAGE PROCEDURE {OUTAGE_PROCEDURE}",
    "INSUFFICIENT_DATA": "INSUFFICIENT DATA",
}
# The government's reference (AEA) carries the id that proves the answer later.
_OURS = "AEA"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The carrier has taken note of a change; `change` is its id, as the change carried it."""

    change: str


def answered(
    message: Message, asked: PassengerList, answers: Sequence[Answer], inquiry: str
) -> list[Segment]:
    """The message that answers a list: flight and references echoed, one group for each passenger, in order."""
    groups = [
        part
        for line, answer in zip(asked.lines, answers, strict=True)
        for part in _passenger(line.references(asked.transaction), answer)
    ]
    head = [segment("BGM", ANSWERED), *_echo(asked), *_references((_OURS, inquiry))]
    return wrap(message, "CUSRES", [*head, *groups])


def accepted(message: Message, asked: PassengerList) -> list[Segment]:
    """The message that takes note of a cancellation or of a flight's status."""
    parts = [segment("BGM", ANSWERED), *_echo(asked), segment("ERP", "1"), segment("ERC", "0")]
    return wrap(message, "CUSRES", parts)


def faulty(message: Message, asked: PassengerList, faults: Sequence[str]) -> list[Segment]:
    """The message that says what is wrong with a whole list; nobody in it may board by it."""
    text = ", ".join(fault.replace("_", " ").upper() for fault in faults)
    parts = [
        segment("BGM", ANSWERED),
        *_echo(asked),
        segment("ERP", "1"),
        segment("ERC", "1"),
        segment("FTX", "AAP", "", "", text),
    ]
    return wrap(message, "CUSRES", parts)


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """What is said of one passenger after their answer has changed."""

    change: str
    flight: Flight
    references: References
    answer: Answer


def changed(change: ChangeMessage, carrier: str, now: datetime) -> str:
    """An interchange of our own that tells a carrier one change; the carrier echoes its loops under BGM+312."""
    flight = change.flight
    message = Message(change.change[:14], "CUSRES", ("D", "05B"), "", ())
    parts = [
        segment("BGM", CHANGED),
        *_references(("TN", change.references.message), ("AF", flight.designator), (_OURS, change.change)),
        *_times(flight),
        *_passenger(change.references, change.answer),
    ]
    envelope = Envelope(
        syntax=("UNOA", "4"),
        sender=(carrier,),
        recipient=("RYOJI",),
        control=change.change[-14:],
        application="IAPI",
        group="1",
        messages=(message,),
    )
    return write(close_envelope(envelope, [wrap(message, "CUSRES", parts)], now))


def acknowledgement_of(message: Message) -> Acknowledgement | None:
    """The change that a message acknowledges; None when it acknowledges none."""
    if message.kind != "CUSRES" or message.faults:
        return None
    kinds = [each.part(0) for each in message.segments if each.tag == "BGM"]
    ours = [each.part(0, 1) for each in message.segments if each.tag == "RFF" and each.part(0) == _OURS]
    if kinds != [ACKNOWLEDGED] or len(ours) != 1 or not ours[0]:
        return None
    return Acknowledgement(ours[0])


def taken(message: Message) -> list[Segment]:
    """The message that an acknowledgement has been noted."""
    return wrap(message, "CUSRES", [segment("BGM", ANSWERED), segment("ERP", "1"), segment("ERC", "0")])


def flight_of(asked: PassengerList, arrival: date) -> Flight:
    """The flight of a list, with its times as the carrier wrote them."""
    return Flight(
        designator=asked.flight,
        departure_port=asked.departure_port,
        arrival_port=asked.arrival_port,
        departs_at=":".join(asked.departs),
        arrives_at=":".join(asked.arrives),
        arrival=arrival,
    )


def _echo(asked: PassengerList) -> list[Segment]:
    parts = _references(("TN", asked.transaction), ("AF", asked.flight))
    for code, when in (("189", asked.departs), ("232", asked.arrives)):
        if when:
            parts.append(segment("DTM", (code, *when)))
    for code, port in (("125", asked.departure_port), ("87", asked.arrival_port)):
        if port:
            parts.append(segment("LOC", code, port))
    return parts


def _references(*named: tuple[str, str]) -> list[Segment]:
    """An RFF for each reference; none for one that nobody gave."""
    return [segment("RFF", each) for each in named if each[1]]


def _times(flight: Flight) -> list[Segment]:
    parts = []
    for code, when in (("189", flight.departs_at), ("232", flight.arrives_at)):
        if when:
            parts.append(segment("DTM", (code, *_edifact_time(when))))
    for code, port in (("125", flight.departure_port), ("87", flight.arrival_port)):
        if port:
            parts.append(segment("LOC", code, port))
    return parts


def _edifact_time(written: str) -> tuple[str, ...]:
    """A time as it stood in a list, or the same of one written YYYY-MM-DDTHH:MM."""
    if "T" not in written:
        return tuple(written.split(":"))
    digits = "".join(sign for sign in written if sign.isdigit())
    return digits[2:12], "201"


def _passenger(references: References, answer: Answer) -> list[Segment]:
    return [
        segment("ERP", "2"),
        *_references(("AVF", references.booking), ("ABO", references.passenger)),
        segment("ERC", CODES[answer]),
        segment("FTX", "AAP", "", "", WORDS[answer]),
    ]
