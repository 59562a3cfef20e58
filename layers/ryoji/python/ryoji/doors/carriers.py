"""What the carriers' doors have in common: who asks, one inquiry from question to proof, and failing closed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from ryoji.adapters.attempts import seconds_left
from ryoji.adapters.deadline import ENDLESS, Deadline
from ryoji.adapters.inquiry_table import WINDOW_SECONDS, Counted, InquiryTable
from ryoji.adapters.keys import derived_key
from ryoji.adapters.permission_table import PermissionTable, document_key
from ryoji.adapters.settings import partner
from ryoji.cases.access import Caller
from ryoji.errors import TooManyRequests, Unavailable
from ryoji.permissions.carrier import Carrier, carrier_of
from ryoji.permissions.entry import EntryRules, entry_rules
from ryoji.permissions.held import Held
from ryoji.permissions.inquiry import (
    Answer,
    Asked,
    Judged,
    Passenger,
    answer_all,
    documents_to_read,
    identify,
)
from ryoji.permissions.transaction import (
    Flight,
    References,
    Transaction,
    Watched,
    proof,
    question_hash,
    question_key,
    receipt,
    transaction_id,
)

COUNTRY = "japan"
# More unknown documents than this share of at least so many passengers in a window look like guessing.
GUESSING_FROM, GUESSING_SHARE = 50, 0.3
# Nobody at a desk waits longer for us than this, from the door on; what was not done by then is answered UNABLE.
BUDGET_SECONDS = 3.5
# Of these, what the register leaves for counting and for the proof.
RECORDING_SECONDS = 1.0


@dataclass(frozen=True)
class Answered:
    """The answers in the passengers' order; without an inquiry's id nothing was written down, and all are UNABLE."""

    answers: list[Answer]
    inquiry: str | None = None
    receipt: str | None = None
    guessing: bool = False

    @property
    def unable(self) -> int:
        """How many could not be answered."""
        return self.answers.count("UNABLE")


class OverLimit(TooManyRequests):
    """The carrier has asked more than was agreed for five minutes; it learns nothing. `guessing` as in Answered."""

    def __init__(self, now: datetime, *, guessing: bool) -> None:
        minutes = WINDOW_SECONDS // 60
        super().__init__("too_many_requests", minutes=str(minutes))
        self.after = seconds_left(now, minutes=minutes)
        self.guessing = guessing


@cache
def rules() -> EntryRules:
    """Who needs a permission at all, as compiled into the layer."""
    from ryoji.doors.texts import beside

    compiled = json.loads((beside() / "ryoji-entry.json").read_bytes())[COUNTRY]
    return entry_rules(compiled["freed"], compiled["programmes"])


def carrier(caller: Caller, until: Deadline) -> Carrier:
    """The carrier that calls; NotAllowed when the client is no carrier's, Unavailable when that cannot be known."""
    return carrier_of(caller.id, partner("carriers", until))


def asking(caller: Caller, until: Deadline) -> Carrier | None:
    """The carrier that asks, or None when that cannot be known now: then everybody is answered UNABLE."""
    try:
        return carrier(caller, until)
    except Unavailable:
        return None


def unable(passengers: int) -> Answered:
    """What is answered when nothing can be."""
    return Answered(["UNABLE"] * passengers)


def receipt_key(until: Deadline = ENDLESS) -> bytes:
    """The key under which records of inquiries are proved; it is nobody else's."""
    return derived_key("carriers/receipt/1", until)


def push_key(code: str) -> bytes:
    """The key that signs what is sent to a carrier; the carrier may read it, and no other carrier's."""
    return derived_key(f"carriers/push/{code}")


def ask(
    who: Carrier | None,
    flight: Flight,
    passengers: Sequence[Passenger],
    references: Sequence[References],
    now: datetime,
    until: Deadline,
) -> Answered:
    """Answer one inquiry and keep the proof, by then. What cannot be known or written down is answered UNABLE.

    When only the register is down, that is for those whose answer hangs on it.
    """
    if who is None:
        return unable(len(passengers))
    try:
        inquiries, key, sealing = InquiryTable(), document_key(until), receipt_key(until)
        asked = [identify(each, key, rules(), flight.arrival) for each in passengers]
        judged = answer_all(asked, flight.arrival, _held(asked, until))
        unknown = sum(not each.known for each in judged)
        # Once, and before anything is said: a carrier over its limit has looked up and learns nothing.
        counted = inquiries.count(who.code, now, passengers=len(passengers), unknown=unknown, until=until)
        guessing = _guessing(who, counted, unknown)
        if counted.calls > who.calls or counted.passengers > who.passengers:
            raise OverLimit(now, guessing=guessing)
        transaction = _transaction(who, flight, asked, passengers, judged, references, now, sealing)
        record = transaction.written()
        made = receipt(sealing, record)
        inquiries.keep(transaction, record, made, _watched(transaction, asked, references), until)
    except Unavailable:
        return unable(len(passengers))
    return Answered([each.answer for each in judged], transaction.id, made, guessing)


def proved(inquiry: str, code: str) -> dict[str, Any]:
    """What a carrier was answered, and whether the record is what was written then; NotFound when it is not its own."""
    record, made = InquiryTable().answered(inquiry, code)
    return proof(receipt_key(), inquiry, code, record, made)


def _held(asked: Sequence[Asked | None], until: Deadline) -> Mapping[str, Sequence[Held]]:
    """What the register has for those who need a permission. Raises Unavailable when that leaves nobody to answer."""
    documents = documents_to_read(asked)
    if not documents:
        return {}
    try:
        return PermissionTable().for_documents(documents, until.earlier(RECORDING_SECONDS))
    except Unavailable:
        if all(each is not None and each.needed for each in asked):
            raise
        return {}


def _transaction(
    who: Carrier,
    flight: Flight,
    asked: Sequence[Asked | None],
    passengers: Sequence[Passenger],
    judged: Sequence[Judged],
    references: Sequence[References],
    now: datetime,
    sealing: bytes,
) -> Transaction:
    inquiry = transaction_id(secrets.token_bytes(10))
    documents = (each.document if each else "" for each in asked)
    return Transaction(
        inquiry,
        who.code,
        now,
        flight,
        tuple(zip(documents, (each.answer for each in judged), strict=True)),
        tuple(references),
        question_hash(question_key(sealing, inquiry), passengers),
    )


def _watched(
    transaction: Transaction, asked: Sequence[Asked | None], references: Sequence[References]
) -> list[Watched]:
    """Whose answer hangs on the register: they are told when it changes before the flight has landed."""
    return [
        Watched(transaction.id, place, transaction.carrier, each, answer, transaction.flight, named)
        for place, (each, (_, answer), named) in enumerate(
            zip(asked, transaction.answers, references, strict=True)
        )
        if each is not None and each.needed and answer != "UNABLE"
    ]


def _guessing(who: Carrier, counted: Counted, unknown: int) -> bool:
    """Whether it looks like guessing: many at once, or many in a day by whoever adds to them now."""
    at_once = counted.passengers >= GUESSING_FROM and counted.unknown > GUESSING_SHARE * counted.passengers
    return at_once or (unknown > 0 and counted.day_unknown > who.unknown_a_day)
