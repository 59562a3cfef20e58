"""A permission as the inquiry reads it: one short text an entry, all entries of a document in one item."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

Kind = Literal["visa", "authorization"]
Entries = Literal["single", "multiple"]
Status = Literal["active", "revoked", "cancelled", "used", "expired", "replaced"]

# What is over stays over; the others may be mended when they were set by mistake.
FINAL: frozenset[str] = frozenset({"expired", "replaced"})
_MARK = "|"
_PARTS = 7


class Held(NamedTuple):
    """One permission of one document. Days are inclusive; `since` is when it came to this status, in UTC."""

    number: str
    kind: Kind
    valid_from: date
    valid_until: date
    entries: Entries
    status: Status
    since: datetime
    claim: str

    def in_force(self, day: date) -> bool:
        """Whether it lets its holder in on that day."""
        return self.status == "active" and self.valid_from <= day <= self.valid_until


def written(held: Held) -> str:
    """The short text of an entry, without its number, which is the name that it stands under."""
    parts = (
        held.kind,
        held.valid_from.isoformat(),
        held.valid_until.isoformat(),
        held.entries,
        held.status,
        held.since.astimezone(UTC).isoformat(),
        held.claim,
    )
    return _MARK.join(parts)


def read(number: str, text: str) -> Held:
    """An entry from its short text; raises ValueError when it is none of ours."""
    parts = text.split(_MARK)
    if len(parts) != _PARTS:
        raise ValueError("not an entry of the register of permissions")
    kind, first, last, entries, status, since, claim = parts
    return Held(
        number,
        # Written by `written` and by nobody else; asked about too often to be parsed by a model.
        kind,  # type: ignore[arg-type]
        date.fromisoformat(first),
        date.fromisoformat(last),
        entries,  # type: ignore[arg-type]
        status,  # type: ignore[arg-type]
        datetime.fromisoformat(since),
        claim,
    )


def changed(held: Held, status: Status, at: datetime, *, sequence: int, known: int) -> Held | None:
    """The entry in its new status, or None when there is nothing to change.

    Saying a thing twice changes nothing, nor does news that is older than what is known, nor a mending of what is
    over for good. A permission for many entries is not used up by one. What is older is told by how far
    the case's history went (`sequence` for the news, `known` for what was written last) and never by clocks: of two
    requests the one that began first may be recorded last, and then it is the one that counts.
    """
    stale = sequence < known or held.status in FINAL
    used_once = status == "used" and held.entries == "multiple"
    if status == held.status or stale or used_once:
        return None
    return held._replace(status=status, since=at)
