"""What a grant without a person rests on: which checks must have been made, and whether each one is clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ryoji.cases.case import Case
from ryoji.catalogue.needs import documents_needed

if TYPE_CHECKING:
    from ryoji.catalogue.conditions import Facts
    from ryoji.catalogue.definition import Procedure

# A check and the document that it is made on; without one, it is made on the whole case.
Wanted = tuple[str, str | None]


def checks_wanted(case: Case, definition: Procedure, facts: Facts) -> frozenset[Wanted]:
    """The checks of the whole case, and those of each document that is there or must be."""
    evidence = definition.stage("evidence")
    must_be = {document.id for document in documents_needed(definition, facts) if document.required}
    of_documents = {
        (check, document.id)
        for document in definition.documents
        if document.id in case.documents or document.id in must_be
        for check in document.checks
    }
    return frozenset(of_documents | {(check, None) for check in (evidence.checks if evidence else ())})


def clear(case: Case, check: str, document: str | None) -> bool:
    """Whether a check passed for the record, on what the case says now; what was found at upload counts for nothing.

    The newest finding decides: what could not be made again takes back what passed before.
    """
    found = case.newest(check, document)
    if found is None or found.finding["outcome"] != "pass" or not case.is_current(found):
        return False
    # A file is looked at as it comes in, by the step that keeps it, and by nothing else.
    if check == "image":
        return found.upload_id is not None
    return found.door == "chain" and found.looked_at >= case.last_change(check, document)
