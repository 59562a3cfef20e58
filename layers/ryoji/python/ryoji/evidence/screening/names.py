"""Whole names compared: which part stands for which, how, and what is left over on either side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ryoji.evidence.screening.latin import parts_of
from ryoji.evidence.screening.parts import How, Part, joined, likeness, part
from ryoji.evidence.screening.rules import NameScores, PartScores

MOST_PARTS = 10
MOST_JOINED = 3
_GOOD_TO_JOIN = 0.85
_FAR_LONGER = 1.25
_CHINESE: tuple[Literal["none", "one", "both"], ...] = ("none", "one", "both")


@dataclass(frozen=True)
class Name:
    """A name as its parts in the order in which it was written; the first `surname_parts` are the surname's."""

    parts: tuple[Part, ...]
    surname_parts: int = 0
    is_chinese: bool = False

    @property
    def text(self) -> str:
        """The name as it is shown."""
        return " ".join(each.text for each in self.parts)


@dataclass(frozen=True)
class Pair:
    """Parts that stand for each other: as asked about, as listed, how, and what that counts."""

    asked: str
    listed: str
    how: How
    score: float
    weight: float
    of_asked: tuple[int, ...]
    of_listed: tuple[int, ...]


@dataclass(frozen=True)
class NameLikeness:
    """A name's score (0..1) with the pairs that make it, and what has no counterpart."""

    score: float
    pairs: tuple[Pair, ...]
    only_asked: tuple[str, ...]
    only_listed: tuple[str, ...]

    @property
    def reordered(self) -> bool:
        """Whether the parts stand in another order."""
        places = [pair.of_listed[0] for pair in sorted(self.pairs, key=lambda pair: pair.of_asked)]
        return places != sorted(places)


@lru_cache(maxsize=20_000)
def name_of(surname: str | None, given_names: str | None = None) -> Name:
    """A name from its identifiers in any script, at most `MOST_PARTS` parts of it."""
    first = parts_of(surname or "")
    texts = (*first, *parts_of(given_names or ""))[:MOST_PARTS]
    parts = tuple(part(text) for text in texts)
    # Two to four syllables, and nothing in it that is none.
    chinese = 2 <= len(parts) <= 4 and all(each.is_chinese for each in parts)
    return Name(parts, len(first), chinese)


def compare_names(asked: Name, listed: Name, scores: NameScores) -> NameLikeness:
    """How two names stand to each other.

    Each part has one counterpart at most, the best first; up to three neighbouring parts may be written as one on
    the other side. A part on one side alone costs little (middle names are left out), one on both sides a lot.
    """
    pairs: list[Pair] = []
    left, right = set(range(len(asked.parts))), set(range(len(listed.parts)))
    for pair in sorted(
        _all_pairs(asked, listed, scores),
        key=lambda pair: (-pair.score, -len(pair.of_asked + pair.of_listed)),
    ):
        if left.issuperset(pair.of_asked) and right.issuperset(pair.of_listed):
            pairs.append(pair)
            left -= set(pair.of_asked)
            right -= set(pair.of_listed)
    return NameLikeness(
        score=round(_score(asked, listed, pairs, left, right, scores), 4),
        pairs=tuple(sorted(pairs, key=lambda pair: pair.of_asked)),
        only_asked=tuple(asked.parts[index].text for index in sorted(left)),
        only_listed=tuple(listed.parts[index].text for index in sorted(right)),
    )


def part_score(how: How, nearness: float, scores: PartScores) -> float:
    """What a likeness of parts counts."""
    if how == "none":
        return 0.0
    if how in ("consonants", "spelling"):
        low, high = scores.consonants if how == "consonants" else scores.spelling
        far = how == "spelling" and nearness < scores.spelling_at_least
        return 0.0 if far else low + (high - low) * nearness
    counted: float = getattr(scores, how)
    return counted


def _all_pairs(asked: Name, listed: Name, scores: NameScores) -> Iterator[Pair]:
    chinese = _CHINESE[asked.is_chinese + listed.is_chinese]
    for of_asked, one in _spans(asked):
        for of_listed, other in _spans(listed):
            length = len(of_asked) + len(of_listed)
            if length > 2 and len(of_asked) > 1 and len(of_listed) > 1:
                continue
            how, near = likeness(one, other, chinese)
            if length > 2 and how in ("truncated", "initial"):
                continue  # the beginning of joined parts says no more than the part itself
            if length > 2 and how == "consonants" and (_is_too_long(one, other) or _is_too_long(other, one)):
                continue
            score = part_score(how, near, scores.parts)
            if score <= (_GOOD_TO_JOIN if length > 2 else 0):
                continue
            weight = max(len(of_asked), len(of_listed)) * min(_weight(one, scores), _weight(other, scores))
            yield Pair(one.text, other.text, how, round(score, 3), weight, of_asked, of_listed)


def _is_too_long(one: Part, other: Part) -> bool:
    """Whether it lacks vowels and is far longer all the same: then it is more than what it would stand for."""
    return one.vowels_may_lack and one.length > _FAR_LONGER * other.length


@lru_cache(maxsize=20_000)
def _spans(name: Name) -> tuple[tuple[tuple[int, ...], Part], ...]:
    count = len(name.parts)
    return tuple(
        (tuple(range(start, start + length)), joined(name.parts[start : start + length]))
        for length in range(1, min(MOST_JOINED, count) + 1)
        for start in range(count - length + 1)
    )


def _weight(one: Part, scores: NameScores) -> float:
    if one.is_initial:
        return scores.initial
    return scores.particle if one.is_particle else 1.0


def _score(
    asked: Name, listed: Name, pairs: list[Pair], left: set[int], right: set[int], scores: NameScores
) -> float:
    if not pairs:
        return 0.0
    only_asked = sum(_weight(asked.parts[index], scores) for index in left)
    only_listed = sum(_weight(listed.parts[index], scores) for index in right)
    matched = sum(pair.weight for pair in pairs)
    # What both sides have and is not alike contradicts; what only one has is merely missing.
    contradicting = min(only_asked, only_listed)
    missing = max(only_asked, only_listed) - contradicting
    whole = matched + contradicting * scores.contradicting + missing * scores.missing
    score = sum(pair.score * pair.weight for pair in pairs) / whole
    told = sum(max(len(pair.of_asked), len(pair.of_listed)) for pair in pairs if pair.weight >= 1)
    alone = told < 2 and (only_asked or only_listed)
    return score * scores.only_one_part if alone else score
