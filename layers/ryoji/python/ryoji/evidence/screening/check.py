"""The check `screening`: pass, review or unavailable, never fail. It finds; a person decides every hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from ryoji.errors import Unavailable
from ryoji.evidence.finding import Finding, Reason, gravest
from ryoji.evidence.screening.earlier import Earlier, EarlierOutcome
from ryoji.evidence.screening.hits import CHECK, Explanation, Hit, hit_id
from ryoji.evidence.screening.marks import Mark, Marks, Sharing
from ryoji.evidence.screening.persons import Match, ask, match_subject
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
    purpose: str | None = None

    @property
    def alike(self) -> tuple[Mark, ...]:
        """The pictures that are compared by how they look."""
        return tuple(mark for mark in self.pictures if mark.kind == "picture")

    @property
    def same_files(self) -> tuple[Mark, ...]:
        """The pictures of which only the same one counts: portraits and passport pages."""
        return tuple(mark for mark in self.pictures if mark.kind != "picture")


def screen(screened: Screened, sources: Sources, rules: ScreeningRules) -> Finding:
    """Ask all sources; one that cannot be asked is named in the reasons and makes the check unavailable.

    What was found all the same stands beside it. Facts: `hits` (the likeliest first, all of them), `watch_list` (the
    version that was asked), `more` (hits that stand in findings to come: `in_pages`). The reasons name kinds and
    numbers, never an entry.
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
    facts["hits"] = [hit.model_dump(mode="json") for hit in hits]
    facts["more"] = 0
    return Finding(check=CHECK, outcome=gravest(tuple(reasons)), reasons=tuple(reasons), facts=facts)


def in_pages(finding: Finding, most: int) -> tuple[Finding, ...]:
    """The finding as several of at most so many hits each, because an action of a case has a largest size.

    Each says in `more` how many hits are still to come: nothing is decided before the last one is recorded.
    """
    hits = finding.facts["hits"]
    return tuple(
        finding.model_copy(
            update={
                "facts": {
                    **finding.facts,
                    "hits": hits[start : start + most],
                    "more": max(0, len(hits) - start - most),
                }
            }
        )
        for start in range(0, max(1, len(hits)), most)
    )


def keep_marks(screened: Screened, marks: Marks) -> None:
    """Keep the case's marks for the cases to come."""
    for mark in (*screened.subject.marks, *screened.subject.found_by, *screened.pictures):
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
    outcomes = sources.earlier.of(screened.person, screened.subject)
    hits = (_earlier_hit(screened, each, rules) for each in outcomes if each.case_id != screened.case_id)
    return [hit for hit in hits if hit]


def _earlier_hit(screened: Screened, outcome: EarlierOutcome, rules: ScreeningRules) -> Hit | None:
    near = match_subject(screened.subject, outcome.who, rules) if outcome.who else None
    if outcome.by == "name" and near is None:
        return None
    # The same document is the same document whatever the name; a name counts as much as it is alike.
    likeness = near[0] if near and outcome.by == "name" else 1.0
    return Hit(
        id=hit_id("earlier", outcome.case_id, outcome.kind, outcome.on),
        kind="earlier",
        score=round(rules.earlier.get(outcome.kind, 1.0) * likeness, 3),
        because=(
            Explanation(code=f"earlier_{outcome.kind}", params={"on": outcome.on}),
            *([Explanation(code="earlier_same_purpose")] if _closes(screened, outcome) else []),
            Explanation(code=f"by_{outcome.by}"),
            *(near[1] if near else ()),
        ),
        about={"case_id": outcome.case_id, "reference": outcome.reference, "procedure": outcome.procedure},
    )


def _closes(screened: Screened, outcome: EarlierOutcome) -> bool:
    """Whether the same purpose was refused, which may keep it closed for a time."""
    return outcome.kind == "refused" and outcome.purpose is not None and outcome.purpose == screened.purpose


def _shared(screened: Screened, sources: Sources, rules: ScreeningRules) -> list[Hit]:
    found: dict[str, list[Sharing]] = {}
    for mark in (*screened.subject.marks, *screened.same_files):
        others = _others(screened, sources.marks.sharing(mark, rules.shared.most_cases))
        found.setdefault(mark.kind, []).extend(others)
    found["picture"] = _same_pictures(screened, sources.marks, rules)
    hits = [_shared_hit(screened, kind, others, rules) for kind, others in found.items()]
    return [hit for hit in hits if hit]


def _same_pictures(screened: Screened, marks: Marks, rules: ScreeningRules) -> list[Sharing]:
    near: dict[str, Sharing] = {}
    for mark in screened.alike:
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
