"""What one application needs: which sections and documents apply to it, and what is still wrong across sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ryoji.catalogue.conditions import holds
from ryoji.errors import FieldError

if TYPE_CHECKING:
    from ryoji.catalogue.conditions import Facts
    from ryoji.catalogue.definition import Actor, Document, Procedure, SectionUse


def sections_needed(procedure: Procedure, facts: Facts) -> tuple[SectionUse, ...]:
    """The sections of the form that apply, in order."""
    variables = facts.variables(procedure.audience.age.reached)
    return tuple(section for section in procedure.sections if holds(section.when, variables))


def documents_needed(procedure: Procedure, facts: Facts) -> tuple[Document, ...]:
    """The documents that are asked for, in order; `required` says which of them must be there."""
    variables = facts.variables(procedure.audience.age.reached)
    return tuple(
        document
        for document in procedure.documents
        if holds(document.when, variables) and not (document.unless and holds(document.unless, variables))
    )


def rules_broken(procedure: Procedure, facts: Facts) -> tuple[FieldError, ...]:
    """What does not hold across sections: code = rule, pointer = `/section/field`."""
    variables = facts.variables(procedure.audience.age.reached, procedure.permit)
    return tuple(
        FieldError(rule.pointer, rule.id) for rule in procedure.rules if not holds(rule.must, variables)
    )


def may_file(procedure: Procedure, facts: Facts) -> tuple[Actor, ...]:
    """Who may file this application through its channel; consents are asked for as documents."""
    variables = facts.variables(procedure.audience.age.reached)
    return tuple(
        actor
        for actor in procedure.audience.actors
        if facts.channel in actor.channels and holds(actor.when, variables)
    )


def signer(procedure: Procedure, facts: Facts) -> Literal["self", "legal_representative"]:
    """Whose card signs: the applicant's own wherever they may file themselves, and while the age is not known."""
    who = {actor.who for actor in may_file(procedure, facts)}
    return "legal_representative" if "legal_representative" in who and "self" not in who else "self"
