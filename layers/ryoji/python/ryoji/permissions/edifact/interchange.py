"""Envelopes: UNB and UNZ around everything, UNG and UNE around a group, UNH and UNT around a message, counts exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ryoji.errors import Invalid
from ryoji.permissions.edifact.segments import Segment, segment

INTERACTIVE = "IAPI"
# All of them have the time of one: more would wait for those before them.
MOST_MESSAGES = 5


@dataclass(frozen=True, slots=True)
class Message:
    """One message without its UNH and UNT. `release` is D:05B or D:12B; `faults` are codes of what is wrong."""

    reference: str
    kind: str
    release: tuple[str, ...]
    access: str
    segments: tuple[Segment, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom, and under which references; `group` is UNG's reference, None when there is no group."""

    syntax: tuple[str, ...]
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    control: str
    application: str
    group: str | None
    messages: tuple[Message, ...]

    @property
    def interactive(self) -> bool:
        """Whether somebody waits at a desk for the answer (the application reference says so)."""
        return self.application == INTERACTIVE


def open_envelope(segments: Sequence[Segment]) -> Envelope:
    """The envelope and its messages. Raises Invalid (`edifact.envelope`) when nobody could be answered.

    Counts and references that do not agree are faults of every message that they are about.
    """
    if len(segments) < 4 or segments[0].tag != "UNB" or segments[-1].tag != "UNZ":
        raise Invalid("edifact.envelope")
    head, inner, end = segments[0], segments[1:-1], segments[-1]
    group, faults = None, []
    if inner[0].tag == "UNG":
        group, inner, wrong = _group(inner)
        faults += wrong
    messages = _messages(inner)
    if not messages or not head.part(1) or not head.part(4):
        raise Invalid("edifact.envelope")
    count = 1 if group is not None else len(messages)
    if (end.part(0), end.part(1)) != (str(count), head.part(4)):
        faults.append("interchange_count")
    return Envelope(
        syntax=head.elements[0],
        sender=head.elements[1],
        recipient=head.elements[2],
        control=head.part(4),
        application=head.part(6),
        group=group,
        messages=tuple(_blamed(each, faults) for each in messages),
    )


def close_envelope(envelope: Envelope, messages: Sequence[Sequence[Segment]], now: datetime) -> list[Segment]:
    """The answer's envelope: sender and recipient change places, references are echoed, counts are exact."""
    day, time = f"{now.astimezone(UTC):%y%m%d}", f"{now.astimezone(UTC):%H%M}"
    sender, recipient = envelope.recipient, envelope.sender
    head = segment(
        "UNB",
        envelope.syntax,
        sender,
        recipient,
        (day, time),
        envelope.control,
        "",
        envelope.application,
    )
    inner = [each for message in messages for each in message]
    if envelope.group is None:
        return [head, *inner, segment("UNZ", str(len(messages)), envelope.control)]
    release = envelope.messages[0].release
    return [
        head,
        segment("UNG", "CUSRES", sender[:1], recipient[:1], (day, time), envelope.group, "UN", release),
        *inner,
        segment("UNE", str(len(messages)), envelope.group),
        segment("UNZ", "1", envelope.control),
    ]


def wrap(message: Message, kind: str, segments: Sequence[Segment]) -> list[Segment]:
    """Segments between UNH and UNT, under the reference of the message that they answer."""
    head = segment(
        "UNH",
        message.reference,
        (kind, *message.release, "UN", "IATA"),
        message.access,
        ("01", "F"),
    )
    return [head, *segments, segment("UNT", str(len(segments) + 2), message.reference)]


def _group(inner: Sequence[Segment]) -> tuple[str, Sequence[Segment], list[str]]:
    head, end, within = inner[0], inner[-1], inner[1:-1]
    if end.tag != "UNE" or any(each.tag in ("UNG", "UNE") for each in within):
        raise Invalid("edifact.envelope")
    count = sum(each.tag == "UNH" for each in within)
    agrees = (end.part(0), end.part(1)) == (str(count), head.part(4))
    return head.part(4), within, [] if agrees else ["group_count"]


def _messages(inner: Sequence[Segment]) -> list[Message]:
    found: list[Message] = []
    begin: int | None = None
    for place, each in enumerate(inner):
        if each.tag == "UNH" and begin is None:
            begin = place
        elif each.tag == "UNT" and begin is not None:
            found.append(_message(inner[begin : place + 1]))
            begin = None
        elif begin is None or each.tag == "UNH":
            raise Invalid("edifact.envelope")
    if begin is not None or len(found) > MOST_MESSAGES:
        raise Invalid("edifact.envelope")
    return found


def _message(segments: Sequence[Segment]) -> Message:
    head, end = segments[0], segments[-1]
    agrees = (end.part(0), end.part(1)) == (str(len(segments)), head.part(0))
    return Message(
        reference=head.part(0),
        kind=head.part(1, 0),
        release=(head.part(1, 1), head.part(1, 2)),
        access=head.part(2),
        segments=tuple(segments[1:-1]),
        faults=() if agrees else ("message_count",),
    )


def _blamed(message: Message, faults: list[str]) -> Message:
    if not faults:
        return message
    return Message(
        message.reference,
        message.kind,
        message.release,
        message.access,
        message.segments,
        (*message.faults, *faults),
    )
