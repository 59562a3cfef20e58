"""Documents whose electronic form is not enough: which originals an officer must see, and which were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ryoji.catalogue.needs import documents_needed
from ryoji.errors import FieldError

if TYPE_CHECKING:
    from ryoji.cases.case import Case, Original
    from ryoji.catalogue.conditions import Facts
    from ryoji.catalogue.definition import Document, Procedure


def originals_wanted(case: Case, definition: Procedure, facts: Facts) -> tuple[Document, ...]:
    """The documents whose originals must be seen, in the definition's order.

    What need not be handed in and was not, has no original; an interview that was asked for stays one.
    """
    return tuple(
        document
        for document in documents_needed(definition, facts)
        if document.original is not None
        and (document.original.asked == "always" or case.interviews)
        and (document.required or document.id in case.documents)
    )


def original_of(case: Case, document: str) -> Original | None:
    """What was found of the original of what is uploaded now: another upload has another original."""
    known, held = case.originals.get(document), case.documents.get(document)
    return known if known and known.upload_id == (held.upload_id if held else None) else None


def originals_lacking(case: Case, definition: Procedure, facts: Facts) -> tuple[FieldError, ...]:
    """Why the application cannot be approved yet: originals that nobody saw, or that do not agree."""
    found = {each.id: original_of(case, each.id) for each in originals_wanted(case, definition, facts)}
    return tuple(
        FieldError(f"/documents/{name}", "original_differs" if seen else "original_not_seen")
        for name, seen in found.items()
        if seen is None or seen.outcome != "agrees"
    )
