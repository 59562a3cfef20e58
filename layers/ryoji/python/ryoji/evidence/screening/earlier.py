"""What became of earlier cases of the same person or the same travel document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

EarlierKind = Literal["refused", "overstayed", "revoked", "cancelled"]


@dataclass(frozen=True)
class EarlierOutcome:
    """One outcome. `on` is an ISO date; `by` says what led to it: the person's keyed hash or the document."""

    case_id: str
    kind: EarlierKind
    on: str
    by: Literal["person", "document"]
    procedure: str | None = None
    reference: str | None = None


class Earlier(Protocol):
    """Our own records. Raises `Unavailable("storage_unavailable")`."""

    def of(self, person: str | None, document: tuple[str, str] | None, /) -> Sequence[EarlierOutcome]:
        """Earlier outcomes of a person (keyed hash) or a document (issuing state, number), whichever is known."""
