"""What is told to a carrier after an answer has changed: written down first, sent until it is acknowledged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ryoji.permissions.held import Held
from ryoji.permissions.inquiry import Answer, Asked, judge
from ryoji.permissions.transaction import Flight, References, Watched, flight_fields, flight_of

# A flight may be late; after that nobody is on its way any more.
WATCHED_AFTER_ARRIVAL = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is no longer so. `id` is the inquiry's, the passenger's place and the how-manieth change."""

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


def over(arrival: date, now: datetime) -> bool:
    """Whether nobody is told any more about a flight."""
    return now.date() > arrival + WATCHED_AFTER_ARRIVAL


def change_of(watched: Watched, turn: int, held: Sequence[Held], now: datetime) -> Change | None:
    """The change since a passenger was last answered, or None when the answer is the same or the flight is over."""
    if over(watched.flight.arrival, now):
        return None
    answer = judge(watched.asked, watched.flight.arrival, held).answer
    if answer == watched.answer:
        return None
    return Change(
        id=f"{watched.inquiry}-{watched.place}-{turn + 1}",
        carrier=watched.carrier,
        inquiry=watched.inquiry,
        flight=watched.flight,
        references=watched.references,
        was=watched.answer,
        answer=answer,
        at=now.astimezone(UTC),
    )


def shown(change: Change) -> dict[str, Any]:
    """What the carrier is told in JSON."""
    return {
        "change": change.id,
        "inquiry": change.inquiry,
        "flight": change.flight.designator,
        "arrives_at": change.flight.arrives_at,
        "reference": change.references.passenger,
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


def _iso(value: Any) -> str:
    return str(value.isoformat())
