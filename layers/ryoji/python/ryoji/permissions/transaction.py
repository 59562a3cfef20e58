"""One inquiry as it is kept: who asked when about which flight, and what was answered; documents as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from ryoji.permissions.inquiry import Answer, Asked

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
    """An answered inquiry. `answers` are (keyed hash of the document or nothing, answer), in the passengers' order."""

    id: str
    carrier: str
    at: datetime
    flight: Flight
    answers: tuple[tuple[str, Answer], ...]

    def written(self) -> str:
        """The answers as one text: for each passenger a letter and the document's keyed hash."""
        return " ".join(LETTERS[answer] + document for document, answer in self.answers)


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


def read_answers(text: str) -> tuple[tuple[str, Answer], ...]:
    """The answers from their text."""
    return tuple((each[1:], ANSWERS[each[0]]) for each in text.split(" ") if each)


def receipt(key: bytes, transaction: Transaction) -> str:
    """What proves an answer later: HMAC-SHA-256 over the whole record, in hex. Only Ryoji can make or check it."""
    record = {
        "id": transaction.id,
        "carrier": transaction.carrier,
        "at": transaction.at.astimezone(UTC).isoformat(),
        "flight": transaction.flight.designator,
        "ports": [transaction.flight.departure_port, transaction.flight.arrival_port],
        "arrival": transaction.flight.arrival.isoformat(),
        "answers": transaction.written(),
    }
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
