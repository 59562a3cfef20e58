"""One inquiry as it is kept: who asked when about which flight, and what was answered; documents as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from ryoji.permissions.edifact.moments import local_time
from ryoji.permissions.inquiry import Answer, Asked, Passenger

# One letter an answer, so that four hundred passengers are one small record.
LETTERS: dict[Answer, str] = {"OK_TO_BOARD": "B", "NO_BOARD": "N", "INSUFFICIENT_DATA": "I", "UNABLE": "U"}
ANSWERS: dict[str, Answer] = {letter: answer for answer, letter in LETTERS.items()}
_ID_BYTES = 10


@dataclass(frozen=True, slots=True)
class Flight:
    """The flight of an inquiry; `arrival` is the local day of arrival, `arrives_at` as the carrier wrote it."""

    designator: str
    departure_port: str
    arrival_port: str
    departs_at: str
    arrives_at: str
    arrival: date


# Tuples and not dataclasses, as in `inquiry`: there are four hundred of each in one flight.
class References(NamedTuple):
    """How the carrier calls a passenger: its own reference, its booking, and the message that named them."""

    passenger: str = ""
    booking: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """An answered inquiry. `answers` are (keyed hash of the document or nothing, answer), in the passengers' order.

    `references` are as many; `question` is the keyed hash of what was asked (`question_hash`).
    """

    id: str
    carrier: str
    at: datetime
    flight: Flight
    answers: tuple[tuple[str, Answer], ...]
    references: tuple[References, ...]
    question: str

    def written(self) -> str:
        """The record as it is kept, and as its receipt is made: one JSON text, with a short row for each passenger."""
        rows = [
            (LETTERS[answer], document, named.passenger, named.booking)
            for (document, answer), named in zip(self.answers, self.references, strict=True)
        ]
        record = {
            "inquiry": self.id,
            "carrier": self.carrier,
            "at": self.at.astimezone(UTC).isoformat(),
            "flight": flight_fields(self.flight),
            "question": self.question,
            "passengers": rows,
        }
        return json.dumps(record, separators=(",", ":"))


class Watched(NamedTuple):
    """One passenger who may still be answered differently before the flight has landed."""

    inquiry: str
    place: int
    carrier: str
    asked: Asked
    answer: Answer
    flight: Flight
    references: References


def transaction_id(random: bytes) -> str:
    """An id of sixteen letters and digits from ten random bytes."""
    return b32encode(random[:_ID_BYTES]).decode()


def flight_fields(flight: Flight) -> dict[str, str]:
    """A flight as plain texts."""
    return {
        "designator": flight.designator,
        "departure_port": flight.departure_port,
        "arrival_port": flight.arrival_port,
        "departs_at": flight.departs_at,
        "arrives_at": flight.arrives_at,
        "arrival": flight.arrival.isoformat(),
    }


def receipt(key: bytes, record: str) -> str:
    """What proves a record later: HMAC-SHA-256 over its whole text, in hex. Only Ryoji can make or check it."""
    return hmac.digest(key, record.encode(), hashlib.sha256).hex()


def question_key(key: bytes, inquiry: str) -> bytes:
    """The key of one inquiry's question. Its carrier is told it with the proof, and can then check its own request."""
    return hmac.digest(key, f"question\x1f{inquiry}".encode(), hashlib.sha256)


def question_hash(key: bytes, passengers: Sequence[Passenger]) -> str:
    """HMAC-SHA-256 over what was asked, in hex: compact JSON, a list for each passenger, in their order.

    A list has document type, issuing state, number, birth date, nationality, and the zone's lines, none or two.
    """
    text = json.dumps(passengers, separators=(",", ":"))
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def proof(key: bytes, inquiry: str, carrier: str, record: str, made: str) -> dict[str, Any]:
    """What a kept record says, and whether it is what was written then: `intact` is false for any other text.

    A record that is not intact is shown as far as it can be read; nothing in it proves anything.
    """
    said = _read(record)
    ours = said.get("inquiry") == inquiry and said.get("carrier") == carrier
    flight = said.get("flight") or {}
    passengers = said.get("passengers") or []
    return {
        "inquiry": inquiry,
        "at": said.get("at"),
        "flight": flight.get("designator"),
        "departure_port": flight.get("departure_port"),
        "arrival_port": flight.get("arrival_port"),
        "departs_at": flight.get("departs_at"),
        "arrives_at": flight.get("arrives_at"),
        "answers": [each["answer"] for each in passengers],
        "passengers": passengers,
        "question": said.get("question"),
        "question_key": question_key(key, inquiry).hex(),
        "receipt": made,
        "intact": hmac.compare_digest(receipt(key, record).encode(), made.encode()) and ours,
    }


def _read(record: str) -> dict[str, Any]:
    try:
        said = json.loads(record)
        said["passengers"] = [
            {"reference": reference, "booking": booking, "document": document, "answer": ANSWERS[letter]}
            for letter, document, reference, booking in said["passengers"]
        ]
        flight = flight_of(said["flight"])
        times = {"departs_at": local_time(flight.departs_at), "arrives_at": local_time(flight.arrives_at)}
        said["flight"] = {**flight_fields(flight), **times}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}
    return dict(said)


def flight_of(fields: dict[str, Any]) -> Flight:
    """A flight from its plain texts."""
    return Flight(**{**fields, "arrival": date.fromisoformat(fields["arrival"])})
