"""What became of earlier cases of the same person, of nearly the same person, or with the same travel document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ryoji.evidence.screening.marks import Mark
from ryoji.evidence.screening.subject import Subject

EarlierKind = Literal["refused", "overstayed", "revoked", "cancelled"]
FoundBy = Literal["person", "document", "name"]


@dataclass(frozen=True)
class EarlierOutcome:
    """One outcome. `on` is an ISO date; `by` says what led to it: the person's keyed hash, the document or the name.

    `who` is whom that case tells of, where the outcome was not found by the person: names are then compared.
    """

    case_id: str
    kind: EarlierKind
    on: str
    by: FoundBy
    procedure: str | None = None
    reference: str | None = None
    desk: str | None = None
    purpose: str | None = None
    who: Subject | None = None


@dataclass(frozen=True)
class EarlierRecords:
    """What was found. Under the `crowded` marks stand more cases than are looked up: more outcomes may be there."""

    outcomes: Sequence[EarlierOutcome] = ()
    crowded: Sequence[Mark] = ()


class Earlier(Protocol):
    """Our own records. Raises `Unavailable("storage_unavailable")`."""

    def of(self, person: str | None, subject: Subject, /) -> EarlierRecords:
        """Earlier outcomes of a person (keyed hash), of the document, and of whoever is nearly the subject."""
