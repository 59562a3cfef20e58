"""What is signed and sent: the answers and the fingerprints of the pictures, and whether all of it is there."""

from __future__ import annotations

from typing import Any

from ryoji.cases.case import Case
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.definition import Procedure
from ryoji.catalogue.needs import documents_needed, rules_broken, sections_needed
from ryoji.catalogue.subject import identity_key
from ryoji.errors import FieldError


def missing(case: Case, definition: Procedure, facts: Facts) -> tuple[FieldError, ...]:
    """What is still to be done before the application can be signed; empty when it is complete."""
    sections = [use.id for use in sections_needed(definition, facts)]
    absent = [
        FieldError(f"/sections/{section}", "required") for section in sections if section not in case.sections
    ]
    absent += [
        FieldError(f"/documents/{document.id}", "required")
        for document in documents_needed(definition, facts)
        if document.supply == "upload" and document.required and document.id not in case.documents
    ]
    if absent:
        return tuple(absent)
    return tuple(
        FieldError(f"/sections{error.pointer}", error.code, error.params)
        for error in rules_broken(definition, facts)
    )


def submission_document(case: Case, definition: Procedure, facts: Facts) -> dict[str, Any]:
    """Everything that the signature covers; the same case gives the same document until something changes."""
    sections = {use.id: case.sections.get(use.id, {}) for use in sections_needed(definition, facts)}
    documents = {
        document.id: case.documents[document.id].sha256
        for document in documents_needed(definition, facts)
        if document.id in case.documents
    }
    return {
        "ryoji": "application/1",
        "case_id": case.case_id,
        "procedure": case.procedure,
        "version": case.version,
        "answers": sections,
        "documents": documents,
    }


def person_of(case: Case) -> bytes | None:
    """What identifies the person (not the account): for a national the name in kana, birth date and sex."""
    return identity_key(case.sections)
