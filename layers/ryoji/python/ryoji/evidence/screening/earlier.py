"""What became of earlier cases of the same person, of nearly the same person, or with the same travel document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

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
    purpose: str | None = None
    who: Subject | None = None


class Earlier(Protocol):
    """Our own records. Raises `Unavailable("storage_unavailable")`."""

    def of(self, person: str | None, subject: Subject, /) -> Sequence[EarlierOutcome]:
        """Earlier outcomes of a person (keyed hash), of the document, and of whoever is nearly the subject."""
