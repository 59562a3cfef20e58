"""Earlier outcomes out of our own cases: refusals of the same person, by the person's keyed hash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ryoji.errors import Unavailable
from ryoji.evidence.screening.earlier import EarlierOutcome


class EarlierCases:
    """Our own records (`ryoji.evidence.screening.earlier.Earlier`) from the summaries of a person's cases.

    Overstays and outcomes by document are not in summaries yet; whoever records them adds them here.
    """

    def __init__(self, of_person: Callable[[str], list[dict[str, Any]]]) -> None:
        self._of_person = of_person

    def of(self, person: str | None, _document: tuple[str, str] | None) -> Sequence[EarlierOutcome]:
        """Refused cases of the person."""
        from pynamodb.exceptions import PynamoDBException

        if person is None:
            return ()
        try:
            rows = self._of_person(person)
        except PynamoDBException as error:
            raise Unavailable("storage_unavailable") from error
        return [_outcome(row) for row in rows if row["status"] == "refused"]


def _outcome(row: dict[str, Any]) -> EarlierOutcome:
    return EarlierOutcome(
        case_id=row["case_id"],
        kind="refused",
        on=str(row.get("ended_at") or row["updated_at"])[:10],
        by="person",
        procedure=row.get("procedure"),
        reference=row.get("reference"),
    )
