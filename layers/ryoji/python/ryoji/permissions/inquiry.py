"""The airlines' question, and the only four answers: board, do not board, not enough data, unable.

Nothing else about a passenger leaves this module: unknown, refused, revoked, used and not this person's are one answer,
made on one way through the code. Matches are exact: no fault of reading is mended here.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from ryoji.evidence.travel_document.check_digits import is_good
from ryoji.permissions.births import births
from ryoji.permissions.documents import FILLER, claim_hash, document_hash, normal_number, normal_state
from ryoji.permissions.entry import EntryRules
from ryoji.permissions.held import Held

Answer = Literal["OK_TO_BOARD", "NO_BOARD", "INSUFFICIENT_DATA", "UNABLE"]
# Carriers ask at check-in and before it; a question about last week or next year is no boarding.
LATEST_ARRIVAL = timedelta(days=30)
EARLIEST_ARRIVAL = timedelta(days=-2)
# How a flight, its ports and a carrier's own references are written, in either format. They are kept with the answer:
# a thousand passengers' references must fit into one record.
FLIGHT_PATTERN = "^[A-Z0-9]{2,3}[0-9]{1,4}[A-Z]?$"
PORT_PATTERN = "^[A-Z]{3}$"
REFERENCE_LENGTH = 35
REFERENCE_PATTERN = "^[ -~]*$"
_ZONE_LINE = 44
_ZONE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
_NOBODY = Held(
    "",
    "visa",
    date.min,
    date.min,
    "single",
    "expired",
    datetime.min.replace(tzinfo=UTC),
    "-" * 24,
)


# Tuples and not dataclasses: four hundred of each are made for one flight.
class Passenger(NamedTuple):
    """One passenger as a carrier sends it. `zone` is the two lines of a TD3 zone, when the carrier has read one.

    `birth_date` is YYYY-MM-DD, or YYMMDD as in a zone: then both centuries are asked for. Unknown parts are fillers,
    as in the zone, or XX.
    """

    document_type: str
    issuing_state: str
    number: str
    birth_date: str
    nationality: str
    zone: tuple[str, ...] = ()


class Asked(NamedTuple):
    """What is asked about one passenger, without anything that names them: keyed hashes, and whether it is needed."""

    document: str
    claims: tuple[str, ...]
    needed: bool


class Judged(NamedTuple):
    """The answer, and whether document and birth date are known to us, which nobody outside learns."""

    answer: Answer
    known: bool


def boarding_window(now: datetime) -> tuple[date, date]:
    """The first and the last day of arrival that may be asked about."""
    return (now + EARLIEST_ARRIVAL).date(), (now + LATEST_ARRIVAL).date()


def identify(passenger: Passenger, key: bytes, rules: EntryRules, arrival: date) -> Asked | None:
    """Who is asked about, or None when what was sent is not enough to say."""
    number, state = normal_number(passenger.number), normal_state(passenger.issuing_state)
    nationality = normal_state(passenger.nationality)
    born = births(passenger.birth_date, arrival)
    if number is None or state is None or nationality is None or not born:
        return None
    if not passenger.document_type.startswith("P") or not _agrees(passenger, number, state, nationality):
        return None
    document = document_hash(key, state, number)
    claims = tuple([claim_hash(key, document, birth) for birth in born])
    return Asked(document, claims, rules.needs_permission(state, nationality, arrival))


def judge(asked: Asked, arrival: date, held: Sequence[Held] | None) -> Judged:
    """The answer for one passenger; `held` is what the register has for the document, None when it did not say."""
    if not asked.needed:
        return Judged("OK_TO_BOARD", known=True)
    if held is None:
        return Judged("UNABLE", known=True)
    known = board = False
    # Also when there is nothing: the way through is the same.
    for one in (*held, _NOBODY):
        theirs = _same(one.claim, asked.claims)
        known |= theirs
        board |= theirs & one.in_force(arrival)
    return Judged("OK_TO_BOARD" if board else "NO_BOARD", known)


def answer_all(
    asked: Iterable[Asked | None], arrival: date, held: Mapping[str, Sequence[Held]]
) -> list[Judged]:
    """The answers in the order of the questions; a document that could not be read is answered UNABLE."""
    nothing = Judged("INSUFFICIENT_DATA", known=True)
    return [nothing if one is None else judge(one, arrival, held.get(one.document)) for one in asked]


def documents_to_read(asked: Iterable[Asked | None]) -> list[str]:
    """The documents that the register must be asked for, each once."""
    return list(dict.fromkeys(one.document for one in asked if one is not None and one.needed))


def _same(claim: str, claims: tuple[str, ...]) -> bool:
    # Every one is compared, in constant time, whichever fits.
    found = False
    for each in claims:
        found |= hmac.compare_digest(claim, each)
    return found


def _agrees(passenger: Passenger, number: str, state: str, nationality: str) -> bool:
    """Whether a zone that was sent along says the same and its check digits hold (Doc 9303 part 4, section 4.2.2)."""
    if not passenger.zone:
        return True
    if len(passenger.zone) != 2:
        return False
    upper, lower = passenger.zone
    if any(len(line) != _ZONE_LINE or not _ZONE_CHARACTERS.issuperset(line) for line in passenger.zone):
        return False
    holds = (
        is_good(lower[:9], lower[9])
        and is_good(lower[13:19], lower[19])
        and is_good(lower[21:27], lower[27])
        and is_good(lower[:10] + lower[13:20] + lower[21:43], lower[43])
    )
    written = passenger.birth_date.replace("-", "")[-6:].replace("X", "<")
    # The nationality decides whether a permission is needed, and has no check digit of its own.
    says = (normal_state(upper[2:5]), normal_number(lower[:9]), normal_state(lower[10:13]), lower[13:19])
    kind = passenger.document_type.rstrip(FILLER)
    return holds and upper.startswith(kind) and says == (state, number, nationality, written)
