"""The check `screening`: pass, review or unavailable, never fail. It finds; a person decides every hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from ryoji.errors import Unavailable
from ryoji.evidence.finding import Finding, Reason, gravest
from ryoji.evidence.screening.earlier import Earlier
from ryoji.evidence.screening.hits import CHECK, Explanation, Hit, hit_id
from ryoji.evidence.screening.marks import Mark, Marks, Sharing
from ryoji.evidence.screening.persons import Match, ask
from ryoji.evidence.screening.pictures import distance
from ryoji.evidence.screening.rules import ScreeningRules
from ryoji.evidence.screening.subject import Subject
from ryoji.evidence.screening.watch_list import LOST, WatchList


class WatchLists(Protocol):
    """Where versions are kept. Raises `Unavailable` (watch_list_unavailable, watch_list_unreadable)."""

    def latest(self) -> WatchList:
        """The version in force."""


@dataclass(frozen=True)
class Sources:
    """Everything that is asked."""

    lists: WatchLists
    earlier: Earlier
    marks: Marks


@dataclass(frozen=True)
class Screened:
    """The case that is screened: its id, the keyed hash of its person, and who and what it tells of."""

    case_id: str
    person: str | None
    subject: Subject
    pictures: tuple[Mark, ...] = ()


def screen(screened: Screened, sources: Sources, rules: ScreeningRules) -> Finding:
    """Ask all sources; one that cannot be asked is named in the reasons and makes the check unavailable.

    What was found all the same stands beside it. Facts: `hits` (the likeliest first), `watch_list` (the version that
    was asked), `more` (hits beyond those shown). The reasons name kinds and numbers, never an entry.
    """
    hits: list[Hit] = []
    reasons: list[Reason] = []
    facts: dict[str, Any] = {}
    asked: dict[str, Callable[[], Sequence[Hit]]] = {
        "watch_list": lambda: _listed(screened, sources, rules, facts),
        "earlier": lambda: _earlier(screened, sources, rules),
        "marks": lambda: _shared(screened, sources, rules),
    }
    for source, find in asked.items():
        try:
            hits += find()
        except Unavailable:
            reasons.append(Reason(code=f"{source}_unavailable", outcome="unavailable"))
    hits.sort(key=lambda hit: (-hit.score, hit.id))
    if not screened.subject.names:
        reasons.append(Reason(code="no_name", outcome="review"))
    counts = Counter(hit.kind for hit in hits)
    reasons += [
        Reason(code=kind, outcome="review", measured=str(count)) for kind, count in sorted(counts.items())
    ]
    facts["hits"] = [hit.model_dump(mode="json") for hit in hits[: rules.most_hits]]
    facts["more"] = max(0, len(hits) - rules.most_hits)
    return Finding(check=CHECK, outcome=gravest(tuple(reasons)), reasons=tuple(reasons), facts=facts)


def keep_marks(screened: Screened, marks: Marks) -> None:
    """Keep the case's marks for the cases to come."""
    for mark in (*screened.subject.marks, *screened.pictures):
        marks.keep(mark, screened.case_id, screened.person)


def _listed(screened: Screened, sources: Sources, rules: ScreeningRules, facts: dict[str, Any]) -> list[Hit]:
    watch_list = sources.lists.latest()
    facts["watch_list"] = asdict(watch_list.version)
    return [_hit_of(match) for match in ask(watch_list, screened.subject, rules)]


def _hit_of(match: Match) -> Hit:
    entry = match.entry
    lost = match.by == "document" and entry.ground in LOST
    return Hit(
        id=hit_id("list", entry.list_id, entry.entry_id, entry.digest, match.by),
        kind="lost_or_stolen" if lost else "watch_list",
        score=match.score,
        because=match.because,
        about={
            "list_id": entry.list_id,
            "entry_id": entry.entry_id,
            "ground": entry.ground,
            "source": entry.source,
        },
    )


def _earlier(screened: Screened, sources: Sources, rules: ScreeningRules) -> list[Hit]:
    outcomes = sources.earlier.of(screened.person, screened.subject.document)
    return [
        Hit(
            id=hit_id("earlier", each.case_id, each.kind, each.on),
            kind="earlier",
            score=rules.earlier.get(each.kind, 1.0),
            because=(
                Explanation(code=f"earlier_{each.kind}", params={"on": each.on}),
                Explanation(code=f"by_{each.by}"),
            ),
            about={"case_id": each.case_id, "reference": each.reference, "procedure": each.procedure},
        )
        for each in outcomes
        if each.case_id != screened.case_id
    ]


def _shared(screened: Screened, sources: Sources, rules: ScreeningRules) -> list[Hit]:
    found: dict[str, list[Sharing]] = {}
    for mark in screened.subject.marks:
        others = _others(screened, sources.marks.sharing(mark, rules.shared.most_cases))
        found.setdefault(mark.kind, []).extend(others)
    found["picture"] = _same_pictures(screened, sources.marks, rules)
    hits = [_shared_hit(screened, kind, others, rules) for kind, others in found.items()]
    return [hit for hit in hits if hit]


def _same_pictures(screened: Screened, marks: Marks, rules: ScreeningRules) -> list[Sharing]:
    near: dict[str, Sharing] = {}
    for mark in screened.pictures:
        for other in _others(screened, marks.sharing(mark, rules.shared.most_cases)):
            if mark.shape is None or other.shape is None:
                continue
            if distance(mark.shape, other.shape) <= rules.shared.picture_distance:
                near[other.case_id] = other
    return list(near.values())


def _others(screened: Screened, found: Sequence[Sharing]) -> list[Sharing]:
    """The same person's own cases share everything, and that says nothing."""
    return [
        other
        for other in found
        if other.case_id != screened.case_id and (other.person is None or other.person != screened.person)
    ]


def _shared_hit(screened: Screened, kind: str, others: list[Sharing], rules: ScreeningRules) -> Hit | None:
    cases = sorted({other.case_id for other in others})
    if len(cases) < rules.shared.at_least[kind]:
        return None
    told = Explanation(code=f"shared_{kind}", params={"count": str(len(cases))})
    return Hit(
        # One more case with the same mark is the same hit: who decided once is not asked again for every applicant.
        id=hit_id("shared", screened.case_id, kind),
        kind="shared",
        score=rules.shared.score[kind],
        because=(told,),
        about={"mark": kind, "cases": cases},
    )
