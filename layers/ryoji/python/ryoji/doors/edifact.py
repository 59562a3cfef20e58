"""Passenger lists in UN/EDIFACT: one interchange in, one out, message by message."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ryoji.adapters.inquiry_table import InquiryTable
from ryoji.doors.carriers import Answered, ask, unable
from ryoji.errors import Invalid, NotFound, Unavailable
from ryoji.permissions.edifact import cusres
from ryoji.permissions.edifact.interchange import Envelope, Message, close_envelope, open_envelope
from ryoji.permissions.edifact.paxlst import PassengerList, faults_of, read_list
from ryoji.permissions.edifact.segments import Segment, cut, write
from ryoji.permissions.inquiry import boarding_window

if TYPE_CHECKING:
    from ryoji.permissions.carrier import Carrier

CONTENT_TYPE = "application/edifact"


def answer_interchange(raw: bytes, who: Carrier | None, now: datetime) -> tuple[str, list[Answered]]:
    """The interchange that answers one, and what was answered. Raises Invalid when no envelope can be read.

    Without `who` nobody can be looked up, and everybody is answered UNABLE.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Invalid("edifact.syntax") from None
    envelope = open_envelope(cut(text))
    if who and who.code not in envelope.sender:
        raise Invalid("edifact.sender")
    given: list[Answered] = []
    messages = [_message(envelope, message, who, now, given) for message in envelope.messages]
    return write(close_envelope(envelope, messages, now)), given


def _message(
    envelope: Envelope, message: Message, who: Carrier | None, now: datetime, given: list[Answered]
) -> list[Segment]:
    if message.kind == "CUSRES":
        return _acknowledged(message, who, now)
    asked = read_list(message)
    faults = faults_of(message, asked, interactive=envelope.interactive)
    if message.kind != "PAXLST":
        faults.append("message_unknown")
    elif not faults and asked.asks:
        faults += _not_theirs(asked, who, now)
    if faults:
        return cusres.faulty(message, asked, faults)
    if not asked.asks or asked.arrival is None:
        return cusres.accepted(message, asked)
    # What was down a message ago is not waited for again: the whole interchange has an end in time.
    down = any(each.inquiry is None for each in given)
    answered = unable(len(asked.lines)) if down else _ask(asked, asked.arrival, who, now)
    given.append(answered)
    return cusres.answered(message, asked, answered.answers, answered.inquiry or "")


def _ask(asked: PassengerList, arrival: date, who: Carrier | None, now: datetime) -> Answered:
    return ask(
        who,
        cusres.flight_of(asked, arrival),
        [line.asked() for line in asked.lines],
        [line.references(asked.transaction) for line in asked.lines],
        now,
    )


def _not_theirs(asked: PassengerList, who: Carrier | None, now: datetime) -> list[str]:
    first, last = boarding_window(now)
    faults = [] if who is None or who.flies(asked.flight) else ["flight_of_another_carrier"]
    if asked.arrival is None or not first <= asked.arrival <= last:
        faults.append("arrival_out_of_range")
    return faults


def _acknowledged(message: Message, who: Carrier | None, now: datetime) -> list[Segment]:
    if who is None:
        raise Unavailable("storage_unavailable")
    found = cusres.acknowledgement_of(message)
    if found is None:
        return cusres.faulty(message, PassengerList(), [*message.faults, "acknowledgement_unknown"])
    try:
        InquiryTable().acknowledge(who.code, found.change, now)
    except NotFound:
        return cusres.faulty(message, PassengerList(), ["acknowledgement_unknown"])
    return cusres.taken(message)
