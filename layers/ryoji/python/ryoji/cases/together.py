"""A family sends what is for all of it once, with its first applicant: what that asks of those who join.

Each traveller has a case of their own; `group` is the first one's case.
"""

from __future__ import annotations

from dataclasses import replace

from ryoji.cases.case import Case
from ryoji.catalogue.conditions import Facts
from ryoji.catalogue.definition import Procedure
from ryoji.catalogue.needs import documents_needed
from ryoji.catalogue.subject import office_code
from ryoji.errors import FieldError, Refused

# What was issued keeps its papers; what came to nothing has none to share.
_CAME_TO_NOTHING = frozenset({"refused", "withdrawn", "lapsed"})


def must_be_first(first: Case) -> None:
    """Raise Refused (together_with_first) for a case that has joined another: a group has one first applicant."""
    if first.group:
        raise Refused("together_with_first")


def must_go_on(first: Case) -> None:
    """Raise Refused (together_first_over) when a family's first application came to nothing, or is kept no more."""
    if first.sequence == 0 or first.status in _CAME_TO_NOTHING:
        raise Refused("together_first_over")


def must_be_sent(first: Case) -> None:
    """Raise Refused (together_first_over, together_first_not_sent) unless officers have a family's papers."""
    must_go_on(first)
    if first.submitted_at is None:
        raise Refused("together_first_not_sent")


def relies_on_first(definition: Procedure, facts: Facts) -> bool:
    """Whether something is not asked of this traveller because the family's first applicant sends it."""
    if facts.relation is None:
        return False
    alone = documents_needed(definition, replace(facts, relation=None))
    asked = {document.id for document in documents_needed(definition, facts)}
    return any(document.id not in asked for document in alone)


def elsewhere(case: Case, first: Case) -> tuple[FieldError, ...]:
    """What is wrong where the first one applied at another office: its papers are not before these officers."""
    if office_code(case.sections) == office_code(first.sections):
        return ()
    return (FieldError("/sections/mission/office", "office_of_first"),)
