"""The ministry's figures at the door: whose an officer may read, and the answer with names in their language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ryoji.cases.access import Caller
from ryoji.doors.desks import readable_desks, require_readable
from ryoji.doors.door import Call
from ryoji.doors.texts import catalogue, texts

if TYPE_CHECKING:
    from ryoji.adapters.statistics_table import Month, Row

EVERY = "all"


def desks_asked(caller: Caller, desk: str) -> list[str]:
    """The desks that are meant: `all` is every desk that the officer may read. Raises NotFound (desk_not_found)."""
    readable = readable_desks(caller)
    if desk == EVERY and readable:
        return readable
    require_readable(caller, desk)
    return [desk]


def statistics_view(call: Call, month: str, found: Mapping[str, Month]) -> dict[str, Any]:
    """The Statistics of the API; the rows by desk, then nationality and procedure as they are called."""
    from ryoji.doors.views_of_desk import desk_view

    rows = [_row(desk, row, call.language) for desk, figures in found.items() for row in figures.rows]
    rows.sort(key=lambda row: (row["desk_title"], row["nationality_text"], row["title"]))
    desks = [desk_view(each, call.language) for each in readable_desks(call.caller)]
    filed = [each for desk, figures in found.items() for each in _filed(desk, figures, call.language)]
    return {"month": month, "desks": desks, "rows": rows, "filed": filed}


def _filed(desk: str, figures: Month, language: str) -> list[dict[str, Any]]:
    """What came in online beside what came in on paper, where the counter has said so."""
    from ryoji.doors.views_of_desk import desk_title

    online = Counter[str]()
    for row in figures.rows:
        online[row.procedure] += row.figures["received"]
    return [
        {
            "desk": desk,
            "desk_title": desk_title(desk, language),
            "procedure": procedure,
            "title": texts().text(f"procedure.{procedure}.title", language),
            "online": online[procedure],
            "on_paper": on_paper,
        }
        for procedure, on_paper in sorted(figures.on_paper.items())
    ]


def _row(desk: str, row: Row, language: str) -> dict[str, Any]:
    from ryoji.doors.views_of_desk import desk_title, state_name

    title = f"procedure.{row.procedure}.title"
    return {
        "desk": desk,
        "desk_title": desk_title(desk, language),
        "nationality": row.nationality,
        "nationality_text": state_name(row.nationality, language),
        "procedure": row.procedure,
        "title": texts().text(title, language),
        "family": catalogue().family(row.procedure),
        **row.figures,
        "days": row.days,
    }
