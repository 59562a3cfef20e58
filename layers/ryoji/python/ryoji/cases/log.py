"""The case log's port: read a case, judge a command against it, append, and try again when somebody was first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ryoji.cases.actions import Action, Actor, NewAction, chain
from ryoji.cases.case import Case, fold
from ryoji.errors import Conflict, Invalid

TRIES = 6


@dataclass(frozen=True)
class Once:
    """An idempotency key with a digest of the request that it came with."""

    key: str
    digest: str


@dataclass(frozen=True)
class SlotChange:
    """A place taken from (or given back to) an appointment slot in the same transaction as the action."""

    office: str
    start: str
    take: int
    capacity: int


class Log(Protocol):
    """Where cases are kept. One append is one transaction."""

    def actions(self, case_id: str) -> list[Action]:
        """All actions of a case, oldest first; empty when there is no such case."""
        ...

    def once(self, case_id: str, key: str) -> str | None:
        """The digest recorded under an idempotency key, or None."""
        ...

    def append(
        self, case: Case, actions: list[Action], once: Once | None = None, slots: tuple[SlotChange, ...] = ()
    ) -> None:
        """Write actions, the summary and the key together; raise Conflict when a sequence number is taken.

        With the action `submitted` the case's reference number becomes its own: Conflict when another case holds it.
        """
        ...

    def holder_of(self, reference: str) -> str | None:
        """The case whose own a reference number is, or None."""
        ...


Judge = Callable[[Case], list[NewAction]]


def request_digest(operation: str, *parts: Any) -> str:
    """What an idempotency key is bound to: the operation and its parameters."""
    return hashlib.sha256(repr((operation, parts)).encode()).hexdigest()


def read(log: Log, case_id: str) -> Case:
    """The case as it is now; sequence 0 when it does not exist."""
    return fold(case_id, log.actions(case_id))


def record(
    log: Log,
    case_id: str,
    judge: Judge,
    *,
    by: Actor,
    now: datetime,
    once: Once | None = None,
    slots: Callable[[Case], tuple[SlotChange, ...]] | None = None,
    guard: Callable[[Case], None] | None = None,
) -> Case:
    """Judge a command against the case as it is and append what follows; the case as it is afterwards.

    The judge runs again when another action was recorded first, so it must be pure. A repeated idempotency
    key changes nothing; the same key with another request raises Invalid. The guard (who may?) always comes first.
    """
    for left in reversed(range(TRIES)):
        actions = log.actions(case_id)
        case = fold(case_id, actions)
        if guard:
            guard(case)
        if once and _repeated(log, case_id, once):
            # The first request may have been recorded after the case was read.
            return read(log, case_id)
        new = judge(case)
        if not new:
            return case
        added = chain(case_id, case.head, new, by, now)
        after = fold(case_id, [*actions, *added])
        try:
            log.append(after, added, once, slots(case) if slots else ())
        except Conflict:
            if not left:
                raise
            continue
        return after
    raise Conflict("conflict")


def _repeated(log: Log, case_id: str, once: Once) -> bool:
    known = log.once(case_id, once.key)
    if known is None:
        return False
    if known != once.digest:
        raise Invalid("idempotency_key_reused")
    return True
