"""Earlier outcomes out of our own cases, by the person's keyed hash: refusals, overstays, permissions taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ryoji.errors import Unavailable
from ryoji.evidence.screening.earlier import EarlierKind, EarlierOutcome


class EarlierCases:
    """Our own records (`ryoji.evidence.screening.earlier.Earlier`) from the summaries of a person's cases.

    A summary has no travel document, so nothing is found by the document alone.
    """

    def __init__(self, of_person: Callable[[str], list[dict[str, Any]]]) -> None:
        self._of_person = of_person

    def of(self, person: str | None, _document: tuple[str, str] | None) -> Sequence[EarlierOutcome]:
        """What became of the person's cases, as far as an officer should know it."""
        from pynamodb.exceptions import PynamoDBException

        if person is None:
            return ()
        try:
            rows = self._of_person(person)
        except PynamoDBException as error:
            raise Unavailable("storage_unavailable") from error
        return [_outcome(row, kind, on) for row in rows for kind, on in _kinds(row)]


def _kinds(row: dict[str, Any]) -> Iterator[tuple[EarlierKind, str]]:
    if row["status"] == "refused":
        yield "refused", row.get("ended_at") or row["updated_at"]
    if row.get("overstayed"):
        yield "overstayed", row["overstayed"]
    permission = row.get("permission")
    if permission in ("revoked", "cancelled"):
        yield permission, row.get("permission_changed_at") or row["ended_at"]


def _outcome(row: dict[str, Any], kind: EarlierKind, on: str) -> EarlierOutcome:
    return EarlierOutcome(
        case_id=row["case_id"],
        kind=kind,
        on=on[:10],
        by="person",
        procedure=row.get("procedure"),
        reference=row.get("reference"),
    )
