"""Passenger lists in UN/EDIFACT: one interchange in, one out, message by message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ryoji.adapters.inquiry_table import InquiryTable
from ryoji.doors.carriers import Answered, OverLimit, ask, unable
from ryoji.errors import Invalid, NotFound, Unavailable
from ryoji.permissions.edifact import cusres
from ryoji.permissions.edifact.interchange import Envelope, Message, close_envelope, open_envelope
from ryoji.permissions.edifact.paxlst import PassengerList, faults_of, read_list
from ryoji.permissions.edifact.segments import Segment, cut, write
from ryoji.permissions.inquiry import boarding_window

if TYPE_CHECKING:
    from ryoji.adapters.deadline import Deadline
    from ryoji.permissions.carrier import Carrier

CONTENT_TYPE = "application/edifact"


@dataclass
class Interchange:
    """An interchange while it is answered: `given` is what was answered, `refused` whoever asked too much.

    Without `who` nobody can be looked up, and everybody is answered UNABLE.
    """

    envelope: Envelope
    who: Carrier | None
    now: datetime
    until: Deadline
    given: list[Answered] = field(default_factory=list)
    refused: list[OverLimit] = field(default_factory=list)

    def answer(self) -> str:
        """The interchange that answers it.

        Raises OverLimit or Unavailable when that is so of its first message: then nothing of it was done.
        """
        first, *others = self.envelope.messages
        said = [self._message(first), *(self._message_or_refusal(each) for each in others)]
        return write(close_envelope(self.envelope, said, self.now))

    def _message_or_refusal(self, message: Message) -> list[Segment]:
        """What was done for the messages before this one must be told, whatever becomes of it."""
        try:
            return self._message(message)
        except OverLimit as error:
            self.refused.append(error)
            return cusres.faulty(message, read_list(message), [error.code])
        except Unavailable:
            return cusres.faulty(message, PassengerList(), ["service_unavailable"])

    def _message(self, message: Message) -> list[Segment]:
        if message.kind == "CUSRES":
            return self._acknowledged(message)
        asked = read_list(message)
        before = sum(len(each.answers) for each in self.given)
        faults = faults_of(message, asked, interactive=self.envelope.interactive, before=before)
        if message.kind != "PAXLST":
            faults.append("message_unknown")
        elif not faults and asked.asks:
            faults += self._not_theirs(asked)
        if faults:
            return cusres.faulty(message, asked, faults)
        if not asked.asks or asked.arrival is None:
            return cusres.accepted(message, asked)
        # What was down a message ago is not waited for again.
        down = any(each.inquiry is None for each in self.given)
        answered = unable(len(asked.lines)) if down else self._ask(asked, asked.arrival)
        self.given.append(answered)
        return cusres.answered(message, asked, answered.answers, answered.inquiry or "")

    def _ask(self, asked: PassengerList, arrival: date) -> Answered:
        return ask(
            self.who,
            cusres.flight_of(asked, arrival),
            [line.asked() for line in asked.lines],
            [line.references(asked.transaction) for line in asked.lines],
            self.now,
            self.until,
        )

    def _not_theirs(self, asked: PassengerList) -> list[str]:
        first, last = boarding_window(self.now)
        faults = [] if self.who is None or self.who.flies(asked.flight) else ["flight_of_another_carrier"]
        if asked.arrival is None or not first <= asked.arrival <= last:
            faults.append("arrival_out_of_range")
        return faults

    def _acknowledged(self, message: Message) -> list[Segment]:
        if self.who is None:
            raise Unavailable("storage_unavailable")
        found = cusres.acknowledgement_of(message)
        if found is None:
            return cusres.faulty(message, PassengerList(), [*message.faults, "acknowledgement_unknown"])
        # It can be sent again; who asked in another message of this interchange waits no longer for it.
        self.until.left()
        try:
            InquiryTable().acknowledge(self.who.code, found.change, self.now)
        except NotFound:
            return cusres.faulty(message, PassengerList(), ["acknowledgement_unknown"])
        return cusres.taken(message)


def opened(raw: bytes, who: Carrier | None, now: datetime, until: Deadline) -> Interchange:
    """The interchange that was sent. Raises Invalid when no envelope can be read, or when it is another carrier's."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Invalid("edifact.syntax") from None
    envelope = open_envelope(cut(text))
    if who and who.code not in envelope.sender:
        raise Invalid("edifact.sender")
    return Interchange(envelope, who, now, until)
