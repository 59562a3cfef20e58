"""The check `screening`: pass, review or unavailable, never fail. It finds; a person decides every hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from ryoji.errors import Unavailable
from ryoji.evidence.finding import Finding, Reason, gravest
from ryoji.evidence.screening.declared import Declared
from ryoji.evidence.screening.earlier import Earlier, EarlierOutcome
from ryoji.evidence.screening.hits import CHECK, Explanation, Hit, hit_id
from ryoji.evidence.screening.marks import Mark, Marks, Sharing
from ryoji.evidence.screening.persons import Match, ask, match_subject
from ryoji.evidence.screening.pictures import PARTS, distance
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
    """The case that is screened: its id, the keyed hash of its person, and who and what it tells of.

    `reference` and `desk` are how officers of other cases are told of this one.
    """

    case_id: str
    person: str | None
    subject: Subject
    pictures: tuple[Mark, ...] = ()
    purpose: str | None = None
    declared: tuple[Declared, ...] = ()
    reference: str | None = None
    desk: str | None = None

    @property
    def alike(self) -> tuple[Mark, ...]:
        """The pictures that are compared by how they look."""
        return tuple(mark for mark in self.pictures if mark.kind == "picture")

    @property
    def same_files(self) -> tuple[Mark, ...]:
        """The pictures of which only the same one counts: portraits, passport pages, and documents as files."""
        return tuple(mark for mark in self.pictures if mark.kind != "picture")


def screen(screened: Screened, sources: Sources, rules: ScreeningRules) -> Finding:
    """Ask all sources; one that cannot be asked is named in the reasons and makes the check unavailable.

    What was found all the same stands beside it. The case's own marks are kept before (`keep_marks`): of two that are
    screened at once, one sees the other. Where more cases share something than are looked at, that is a hit, because
    asking again would not help. Facts: `hits` (the likeliest first, all of them), `watch_list` (the version that was
    asked), `more` (hits that stand in findings to come: `in_pages`). The reasons name kinds and numbers, no entry.
    """
    hits = [_declared_hit(each, rules) for each in screened.declared]
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
    """Keep the case's marks for the cases to come, and for those that are screened at the same moment."""
    for mark in (*screened.subject.marks, *screened.subject.found_by, *screened.pictures):
        marks.keep(mark, screened.case_id, screened.person, screened.reference, screened.desk)


def _told_of(subject: Subject) -> tuple[str, ...]:
    """What of a person is compared with others; where it becomes another, what was said of a hit is not said of it."""
    return (
        *(name.text for name in subject.names),
        *(each or "-" for each in (subject.birth_date, subject.nationality, subject.sex)),
    )


def _declared_hit(declared: Declared, rules: ScreeningRules) -> Hit:
    return Hit(
        id=hit_id("declared", declared.what, declared.details),
        kind="declared",
        score=rules.declared.get(declared.what, 1.0),
        because=(Explanation(code=f"declared_{declared.what}"),),
        about={"declared": declared.what, "details": declared.details},
    )


def _listed(screened: Screened, sources: Sources, rules: ScreeningRules, facts: dict[str, Any]) -> list[Hit]:
    watch_list = sources.lists.latest()
    facts["watch_list"] = asdict(watch_list.version)
    return [_hit_of(match, screened.subject) for match in ask(watch_list, screened.subject, rules)]


def _hit_of(match: Match, subject: Subject) -> Hit:
    entry = match.entry
    lost = match.by == "document" and entry.ground in LOST
    compared = subject.document or () if match.by == "document" else _told_of(subject)
    return Hit(
        id=hit_id("list", entry.list_id, entry.entry_id, entry.digest, match.by, *compared),
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
    records = sources.earlier.of(screened.person, screened.subject)
    outcomes = (each for each in records.outcomes if each.case_id != screened.case_id)
    hits = [hit for each in outcomes if (hit := _earlier_hit(screened, each, rules))]
    for kind in sorted({mark.kind for mark in records.crowded}):
        values = [mark.value for mark in records.crowded if mark.kind == kind]
        hits.append(_crowded_hit("earlier", kind, values, rules))
    return hits


def _earlier_hit(screened: Screened, outcome: EarlierOutcome, rules: ScreeningRules) -> Hit | None:
    near = match_subject(screened.subject, outcome.who, rules) if outcome.who else None
    if outcome.by == "name" and near is None:
        return None
    # The same document is the same document whatever the name; a name counts as much as it is alike.
    likeness = near[0] if near and outcome.by == "name" else 1.0
    told = (
        Explanation(code=f"earlier_{outcome.kind}", params={"on": outcome.on}),
        *([Explanation(code="earlier_same_purpose")] if _closes(screened, outcome) else []),
        Explanation(code=f"by_{outcome.by}"),
    )
    return Hit(
        id=hit_id(
            "earlier",
            outcome.case_id,
            *(each.code for each in told),
            outcome.on,
            *_compared_with(outcome, screened),
        ),
        kind="earlier",
        score=round(rules.earlier.get(outcome.kind, 1.0) * likeness, 3),
        because=(*told, *(_of_a_case(each) for each in (near[1] if near else ()))),
        about={
            "case_id": outcome.case_id,
            "reference": outcome.reference,
            "procedure": outcome.procedure,
            "desk": outcome.desk,
        },
    )


def _compared_with(outcome: EarlierOutcome, screened: Screened) -> tuple[str, ...]:
    if outcome.by == "person":
        return (screened.person or "-",)
    document = screened.subject.document or () if outcome.by == "document" else ()
    return (*document, *_told_of(screened.subject))


# The words for an entry of a list would tell an officer of one where there is none.
_WORDS_OF_A_CASE = {"name": "earlier_name", "only_listed": "only_earlier"}


def _of_a_case(told: Explanation) -> Explanation:
    return told.model_copy(update={"code": _WORDS_OF_A_CASE.get(told.code, told.code)})


def _closes(screened: Screened, outcome: EarlierOutcome) -> bool:
    """Whether the same purpose was refused, which may keep it closed for a time."""
    return outcome.kind == "refused" and outcome.purpose is not None and outcome.purpose == screened.purpose


@dataclass
class _Shared:
    """What is shared of one kind: with whom, what it is, and whether more cases have it than were looked at."""

    others: dict[str, Sharing] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)
    crowded: set[str] = field(default_factory=set)

    def add(self, value: str, others: Iterable[Sharing]) -> None:
        """Others that share this value."""
        found = {other.case_id: other for other in others}
        self.others |= found
        self.values |= {value} if found else set()


def _shared(screened: Screened, sources: Sources, rules: ScreeningRules) -> list[Hit]:
    found: dict[str, _Shared] = {}
    for mark in (*screened.subject.marks, *screened.same_files):
        sharing = sources.marks.sharing(mark, rules.shared.most_cases)
        of_kind = found.setdefault(mark.kind, _Shared())
        of_kind.add(mark.value, _others(screened, sharing))
        of_kind.crowded |= {mark.value} if len(sharing) >= rules.shared.most_cases else set()
    alike = _same_pictures(screened, sources.marks, rules)
    # Who sent the very same file is told of once.
    for case_id in found["file"].others if "file" in found else ():
        alike.others.pop(case_id, None)
    found["picture"] = alike
    hits = [_shared_hit(screened, kind, shared, rules) for kind, shared in found.items()]
    return [hit for hit in hits if hit]


def _same_pictures(screened: Screened, marks: Marks, rules: ScreeningRules) -> _Shared:
    """Pictures that are nearly the same. With n parts that are full, those within 3 - n bits are found all the same."""
    near, full = _Shared(), Counter[str]()
    for mark in screened.alike:
        sharing = marks.sharing(mark, rules.shared.most_pictures)
        shape = f"{mark.shape:016x}"
        near.add(shape, (each for each in _others(screened, sharing) if _is_near(mark, each, rules)))
        full[shape] += len(sharing) >= rules.shared.most_pictures
    near.crowded = {shape for shape, parts in full.items() if parts >= PARTS - 1}
    return near


def _is_near(mark: Mark, other: Sharing, rules: ScreeningRules) -> bool:
    if mark.shape is None or other.shape is None:
        return False
    return distance(mark.shape, other.shape) <= rules.shared.picture_distance


def _others(screened: Screened, found: Sequence[Sharing]) -> list[Sharing]:
    """The same person's own cases share everything, and that says nothing."""
    return [
        other
        for other in found
        if other.case_id != screened.case_id and (other.person is None or other.person != screened.person)
    ]


def _shared_hit(screened: Screened, kind: str, shared: _Shared, rules: ScreeningRules) -> Hit | None:
    cases = sorted(shared.others)
    if len(cases) < rules.shared.at_least[kind]:
        return _crowded_hit("shared", kind, shared.crowded, rules) if shared.crowded else None
    told = Explanation(code=f"shared_{kind}", params={"count": str(len(cases))})
    named = cases[: rules.shared.most_cases]
    known = {each: _known_as(shared.others[each]) for each in named if shared.others[each].reference}
    return Hit(
        # One more case with the same mark is the same hit: who decided once is not asked again for every applicant.
        id=hit_id("shared", screened.case_id, kind, *sorted(shared.values)),
        kind="shared",
        score=rules.shared.score[kind],
        because=(told, *([Explanation(code="not_all")] if shared.crowded else [])),
        about={"mark": kind, "cases": named, **({"known": known} if known else {})},
    )


def _known_as(other: Sharing) -> dict[str, str | None]:
    return {"reference": other.reference, "desk": other.desk}


def _crowded_hit(source: str, kind: str, values: Iterable[str], rules: ScreeningRules) -> Hit:
    return Hit(
        id=hit_id("crowded", source, kind, *sorted(values)),
        kind="crowded",
        score=rules.crowded,
        because=(Explanation(code=f"crowded_{kind}"),),
        about={"mark": kind},
    )
