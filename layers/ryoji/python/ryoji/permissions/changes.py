"""What is told to a carrier after an answer has changed: written down first, sent until it is acknowledged."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ryoji.catalogue.ministry_days import ministry_day
from ryoji.permissions.edifact.moments import local_time
from ryoji.permissions.held import Held
from ryoji.permissions.inquiry import Answer, Asked, judge
from ryoji.permissions.transaction import Flight, References, Watched, flight_fields, flight_of

# A flight may be late; after that nobody is on its way any more.
WATCHED_AFTER_ARRIVAL = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is no longer so.

    `id` is the inquiry's, the passenger's place in it, from 0, and the how-manieth change of their answer, from 1.
    """

    id: str
    carrier: str
    inquiry: str
    flight: Flight
    references: References
    was: Answer
    answer: Answer
    at: datetime
    acknowledged: datetime | None = None
    tries: int = 0

    @property
    def place(self) -> int:
        """The passenger's place in the inquiry, from 0."""
        return int(self.id.split("-")[-2])

    @property
    def following(self) -> str:
        """The id of the change after this one, if there is one: then this answer, too, is no longer so."""
        return _id(self.inquiry, self.place, int(self.id.split("-")[-1]) + 1)


def over(arrival: date, now: datetime) -> bool:
    """Whether nobody is told any more about a flight."""
    return now.date() > arrival + WATCHED_AFTER_ARRIVAL


def change_of(watched: Watched, turn: int, held: Sequence[Held], now: datetime) -> Change | None:
    """The change since a passenger was last answered, or None when the answer is the same or the flight is over.

    That a permission was used by this very flight is no change: its passengers were boarded with it.
    """
    arrival = watched.flight.arrival
    if over(arrival, now):
        return None
    answer = judge(watched.asked, arrival, held).answer
    at_boarding = judge(watched.asked, arrival, [_at_boarding(each, arrival) for each in held]).answer
    if watched.answer in (answer, at_boarding):
        return None
    return Change(
        id=_id(watched.inquiry, watched.place, turn + 1),
        carrier=watched.carrier,
        inquiry=watched.inquiry,
        flight=watched.flight,
        references=watched.references,
        was=watched.answer,
        answer=answer,
        at=now.astimezone(UTC),
    )


def to_be_told(changes: Collection[Change]) -> list[Change]:
    """Those of a carrier's changes that it has yet to take note of, oldest first.

    What a later change of the same passenger has overtaken is told no more.
    """
    known = {each.id for each in changes}
    waiting = [each for each in changes if each.acknowledged is None and each.following not in known]
    return sorted(waiting, key=lambda each: each.at)


def shown(change: Change) -> dict[str, Any]:
    """What the carrier is told in JSON."""
    return {
        "change": change.id,
        "inquiry": change.inquiry,
        "place": change.place,
        "flight": change.flight.designator,
        "arrives_at": local_time(change.flight.arrives_at),
        "reference": change.references.passenger,
        "booking": change.references.booking,
        "was": change.was,
        "answer": change.answer,
        "at": change.at.isoformat(timespec="seconds"),
    }


def watched_text(watched: Sequence[Watched]) -> str:
    """The passengers of one inquiry as one text: what they have in common once, then a short row for each.

    A thousand of them stay well below the 400 kB of an item.
    """
    first = watched[0]
    rows = [
        (
            each.place,
            each.asked.document,
            each.asked.claims,
            each.answer,
            each.references.passenger,
            each.references.booking,
        )
        for each in watched
    ]
    common = {"inquiry": first.inquiry, "carrier": first.carrier, "flight": flight_fields(first.flight)}
    kept = {**common, "message": first.references.message, "passengers": rows}
    return json.dumps(kept, separators=(",", ":"))


def read_watched(text: str) -> list[Watched]:
    """The passengers from their text."""
    kept = json.loads(text)
    flight = flight_of(kept["flight"])
    return [
        Watched(
            inquiry=kept["inquiry"],
            place=place,
            carrier=kept["carrier"],
            # Who needs no permission is not watched.
            asked=Asked(document, tuple(claims), needed=True),
            answer=answer,
            flight=flight,
            references=References(passenger, booking, kept["message"]),
        )
        for place, document, claims, answer, passenger, booking in kept["passengers"]
    ]


def change_text(change: Change) -> str:
    """A change as one text; when it was acknowledged and how often it was tried stand beside it."""
    kept = {name: value for name, value in asdict(change).items() if name not in ("acknowledged", "tries")}
    kept["references"] = change.references._asdict()
    return json.dumps(kept, separators=(",", ":"), default=_iso)


def read_change(text: str, acknowledged: datetime | None, tries: int) -> Change:
    """A change from its text."""
    kept = json.loads(text)
    return Change(
        **{
            **kept,
            "flight": flight_of(kept["flight"]),
            "references": References(**kept["references"]),
            "at": datetime.fromisoformat(kept["at"]),
            "acknowledged": acknowledged,
            "tries": tries,
        }
    )


def _id(inquiry: str, place: int, turn: int) -> str:
    return f"{inquiry}-{place}-{turn}"


def _at_boarding(held: Held, arrival: date) -> Held:
    """A permission as it was when a flight's passengers boarded.

    The border reports an entry on the day of arrival, or later when the flight was late. An entry before that day was
    another journey's, and has used the permission up for this one.
    """
    brought = held.status == "used" and ministry_day(held.since) >= arrival
    return held._replace(status="active") if brought else held


def _iso(value: Any) -> str:
    return str(value.isoformat())
