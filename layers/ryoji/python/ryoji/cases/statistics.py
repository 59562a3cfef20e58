"""What the ministry counts: applications received, issued, refused, withdrawn and lapsed.

By desk, month, nationality and procedure. A figure is one action of one case, so a case's history says what it adds,
whenever and in whatever order it is asked; that each is added once is the table's affair. Nobody is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ryoji.cases.actions import Action
from ryoji.cases.case import fold
from ryoji.catalogue.ministry_days import ministry_day
from ryoji.catalogue.subject import nationality

Figure = Literal["received", "issued", "refused", "withdrawn", "lapsed"]
FIGURES: tuple[Figure, ...] = ("received", "issued", "refused", "withdrawn", "lapsed")
# From these the days since the application was received are added up: the applicant had an answer.
ANSWERED: frozenset[Figure] = frozenset({"issued", "refused"})
# A form for nationals does not ask of which state they are.
NATIONAL = "JPN"
_FIGURE_OF: dict[str, Figure] = {
    "submitted": "received",
    "permission_issued": "issued",
    "handed_over": "issued",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
}


@dataclass(frozen=True)
class Counted:
    """One more of a figure; `month` (YYYY-MM) is the ministry's, `days` are those from receipt to answer."""

    desk: str
    month: str
    nationality: str
    procedure: str
    figure: Figure
    days: int = 0


def figure_of(kind: str, body: Mapping[str, Any]) -> Figure | None:
    """Which figure an action adds to, if any: of the decisions only a refusal ends a case."""
    if kind == "decided":
        return "refused" if body["outcome"] == "refuse" else None
    return _FIGURE_OF.get(kind)


def counted(actions: Sequence[Action], sequence: int) -> Counted | None:
    """What the action of that number adds; None for one that adds nothing, as when a draft is taken back."""
    if not 1 <= sequence <= len(actions):
        return None
    action = actions[sequence - 1]
    figure = figure_of(action.kind, action.body)
    if figure is None:
        return None
    case = fold(action.case_id, actions[:sequence])
    if case.submitted_at is None or not case.desk:
        return None
    days = (ministry_day(action.at) - ministry_day(case.submitted_at)).days if figure in ANSWERED else 0
    state = nationality(case.sections) or NATIONAL
    return Counted(case.desk, month_of(action.at), state, case.procedure, figure, days)


def month_of(moment: datetime) -> str:
    """The ministry's month of a moment, YYYY-MM."""
    return ministry_day(moment).isoformat()[:7]
