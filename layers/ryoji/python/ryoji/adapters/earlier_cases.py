"""Earlier outcomes out of our own cases: refusals, overstays, permissions taken back.

Found by the person's keyed hash, by the travel document, and by what a name and a birth date nearly are: the marks lead
to the cases, and the case itself tells whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from ryoji.cases.actions import Action
from ryoji.errors import Unavailable
from ryoji.evidence.screening.earlier import EarlierKind, EarlierOutcome, EarlierRecords, FoundBy
from ryoji.evidence.screening.marks import Mark, Marks, document_mark
from ryoji.evidence.screening.subject import Subject, subject_of


class Cases(Protocol):
    """Our cases, as far as they are read here."""

    def actions(self, case_id: str) -> list[Action]:
        """All actions of a case, oldest first."""

    def summary(self, case_id: str) -> dict[str, Any] | None:
        """The summary of one case, or None."""

    def of_person(self, person: str) -> list[dict[str, Any]]:
        """Summaries of all cases of one person."""


class EarlierCases:
    """Our own records (`ryoji.evidence.screening.earlier.Earlier`). `most` cases are looked up for each mark."""

    def __init__(self, cases: Cases, marks: Marks, most: int) -> None:
        self._cases = cases
        self._marks = marks
        self._most = most

    def of(self, person: str | None, subject: Subject) -> EarlierRecords:
        """What became of these cases, as far as an officer should know it, and where more may be hidden."""
        from pynamodb.exceptions import PynamoDBException

        try:
            own = self._cases.of_person(person) if person is not None else []
            found = [_outcome(row, kind, on, "person") for row in own for kind, on in _kinds(row)]
            seen = {row["case_id"] for row in own}
            document = document_mark(subject.document)
            with_document = self._sharing((document,) if document else ())
            with_name = self._sharing(subject.found_by)
            by_document = _cases(with_document) - seen
            by_name = _cases(with_name) - seen - by_document
            found += self._outcomes(by_document, "document")
            found += self._outcomes(by_name, "name")
        except PynamoDBException as error:
            raise Unavailable("storage_unavailable") from error
        sharing = (with_document | with_name).items()
        # There may be more than these, and nobody would know.
        return EarlierRecords(found, [mark for mark, cases in sharing if len(cases) >= self._most])

    def _sharing(self, marks: Iterable[Mark]) -> dict[Mark, set[str]]:
        return {mark: {each.case_id for each in self._marks.sharing(mark, self._most)} for mark in marks}

    def _outcomes(self, case_ids: Iterable[str], by: FoundBy) -> Iterator[EarlierOutcome]:
        for case_id in sorted(case_ids):
            row = self._cases.summary(case_id)
            kinds = list(_kinds(row)) if row else []
            if row and kinds:
                who = self._who(case_id)
                yield from (_outcome(row, kind, on, by, who) for kind, on in kinds)

    def _who(self, case_id: str) -> Subject:
        sections = {
            action.body["section"]: action.body["answers"]
            for action in self._cases.actions(case_id)
            if action.kind == "section_saved"
        }
        return subject_of(sections)


def _cases(sharing: Mapping[Mark, set[str]]) -> set[str]:
    return set().union(*sharing.values())


def _kinds(row: dict[str, Any]) -> Iterator[tuple[EarlierKind, str]]:
    if row["status"] == "refused":
        yield "refused", row.get("ended_at") or row["updated_at"]
    if row.get("overstayed"):
        yield "overstayed", row["overstayed"]
    permission = row.get("permission")
    if permission in ("revoked", "cancelled"):
        yield permission, row.get("permission_changed_at") or row["ended_at"]


def _outcome(
    row: dict[str, Any], kind: EarlierKind, on: str, by: FoundBy, who: Subject | None = None
) -> EarlierOutcome:
    return EarlierOutcome(
        case_id=row["case_id"],
        kind=kind,
        on=on[:10],
        by=by,
        procedure=row.get("procedure"),
        reference=row.get("reference"),
        desk=row.get("desk"),
        purpose=row.get("purpose"),
        who=who,
    )
