"""A subject against an entry of the watch list: one score with everything that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ryoji.evidence.screening.dates import DateLikeness, date_likeness
from ryoji.evidence.screening.hits import Explanation
from ryoji.evidence.screening.keys import keys_of_document, keys_of_person, look_alike
from ryoji.evidence.screening.names import Name, NameLikeness, compare_names
from ryoji.evidence.screening.rules import ElseScores, ScreeningRules
from ryoji.evidence.screening.subject import Subject
from ryoji.evidence.screening.watch_list import Entry, WatchList

Fact = Literal["same", "unknown", "different"]


@dataclass(frozen=True)
class Match:
    """An entry that is near enough, with its score and why."""

    entry: Entry
    score: float
    by: Literal["person", "document"]
    because: tuple[Explanation, ...]


@dataclass(frozen=True)
class Listed:
    """Whom the subject is compared with."""

    names: tuple[Name, ...]
    birth_dates: tuple[str, ...]
    nationalities: tuple[str, ...]
    sex: str | None


def ask(watch_list: WatchList, subject: Subject, rules: ScreeningRules) -> list[Match]:
    """Entries near enough to the subject, the nearest first, all of them. One entry is at most two matches."""
    dates = (subject.birth_date,) if subject.birth_date else ()
    keys = {key for name in subject.names for key in keys_of_person(name, dates)}
    found = [
        match
        for row in watch_list.candidates(keys, rules.most_candidates)
        if (match := match_person(subject, watch_list.entry(row), rules))
    ]
    if subject.document:
        rows = watch_list.candidates(keys_of_document(*subject.document), rules.most_candidates)
        found += [match for row in rows if (match := match_document(subject, watch_list.entry(row), rules))]
    return sorted(found, key=lambda match: (-match.score, match.entry.list_id, match.entry.entry_id))


def match_person(subject: Subject, entry: Entry, rules: ScreeningRules) -> Match | None:
    """The entry as a person, or None when it is not near enough."""
    names = tuple(listed.name for listed in entry.names)
    found = _near(subject, Listed(names, entry.birth_dates, entry.nationalities, entry.sex), rules)
    return Match(entry, found[0], "person", found[1]) if found else None


def _near(
    subject: Subject, listed: Listed, rules: ScreeningRules
) -> tuple[float, tuple[Explanation, ...]] | None:
    date, listed_date = _best_date(subject.birth_date, listed.birth_dates, rules)
    nationality = _nationality(subject.nationality, listed.nationalities)
    sex = _sex(subject.sex, listed.sex)
    factor = getattr(rules.dates, date) * _factor(rules.nationality, nationality) * _factor(rules.sex, sex)
    if factor < rules.hit_at_least:
        return None  # the same name would not make a hit of it, and names are what takes time
    best = _best_name(subject, listed, rules)
    if best is None or best[0].score < rules.names.at_least or best[0].score * factor < rules.hit_at_least:
        return None
    because = (
        *_about_name(*best),
        Explanation(code=f"date_{date}", params={"listed": listed_date or "-"}),
        Explanation(
            code=f"nationality_{nationality}", params={"listed": " ".join(listed.nationalities) or "-"}
        ),
        *([Explanation(code="sex_different")] if sex == "different" else []),
    )
    return round(best[0].score * factor, 3), because


def match_subject(
    subject: Subject, other: Subject, rules: ScreeningRules
) -> tuple[float, tuple[Explanation, ...]] | None:
    """Another case's person, or None when it is not near enough."""
    listed = Listed(
        other.names,
        (other.birth_date,) if other.birth_date else (),
        (other.nationality,) if other.nationality else (),
        other.sex,
    )
    return _near(subject, listed, rules)


def match_document(subject: Subject, entry: Entry, rules: ScreeningRules) -> Match | None:
    """The entry as a document: exactly this one, or one whose number may be taken for it."""
    if subject.document is None:
        return None
    state, number = subject.document
    for document in entry.documents:
        if (document.issuing_state, document.number) == (state, number):
            told = Explanation(code="document_same", params={"number": number})
            return Match(entry, rules.documents.same, "document", (told,))
    for document in entry.documents:
        if document.issuing_state == state and look_alike(document.number) == look_alike(number):
            told = Explanation(
                code="document_confusable", params={"asked": number, "listed": document.number}
            )
            return Match(entry, rules.documents.confusable, "document", (told,))
    return None


def _best_name(subject: Subject, listed: Listed, rules: ScreeningRules) -> tuple[NameLikeness, Name] | None:
    compared = [
        (compare_names(asked, name, rules.names), name) for asked in subject.names for name in listed.names
    ]
    return max(compared, key=lambda each: each[0].score, default=None)


def _best_date(
    asked: str | None, listed: tuple[str, ...], rules: ScreeningRules
) -> tuple[DateLikeness, str | None]:
    compared = [(date_likeness(asked, each), each) for each in listed]
    return max(compared, key=lambda each: getattr(rules.dates, each[0]), default=("unknown", None))


def _nationality(asked: str | None, listed: tuple[str, ...]) -> Fact:
    if not asked or not listed:
        return "unknown"
    return "same" if asked in listed else "different"


def _sex(asked: str | None, listed: str | None) -> Fact:
    if not asked or not listed or "X" in (asked, listed):
        return "unknown"
    return "same" if asked == listed else "different"


def _factor(scores: ElseScores, fact: Fact) -> float:
    factor: float = getattr(scores, fact)
    return factor


def _about_name(name: NameLikeness, listed: Name) -> tuple[Explanation, ...]:
    pairs = [
        Explanation(
            code=f"part_{pair.how}",
            params={"asked": pair.asked, "listed": pair.listed, "score": f"{pair.score:.2f}"},
        )
        for pair in name.pairs
    ]
    found = [Explanation(code="name", params={"listed": listed.text, "score": f"{name.score:.2f}"}), *pairs]
    if name.reordered:
        found.append(Explanation(code="reordered"))
    if name.only_asked:
        found.append(Explanation(code="only_asked", params={"parts": " ".join(name.only_asked)}))
    if name.only_listed:
        found.append(Explanation(code="only_listed", params={"parts": " ".join(name.only_listed)}))
    return tuple(found)
