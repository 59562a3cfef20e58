"""What the application itself declares of earlier travel (入管法 art 5(1)): each "yes" is for a person to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Declaration = Literal["refused_visa", "removed", "overstayed", "convicted"]


@dataclass(frozen=True)
class Declared:
    """One question that was answered with yes; `details` are the particulars, which the form asks once for all."""

    what: Declaration
    details: str


def declared_in(sections: Mapping[str, Mapping[str, Any]]) -> tuple[Declared, ...]:
    """Everything in `past_travel` that was answered with yes."""
    past = sections.get("past_travel") or {}
    details = str(past.get("details") or "")
    return tuple(Declared(what, details) for what in get_args(Declaration) if past.get(what) == "yes")
