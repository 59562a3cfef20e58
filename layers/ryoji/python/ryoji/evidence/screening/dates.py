"""Birth dates compared, known in part or wrong in one place. Dates are ISO 8601-2 with `XX` for what is not known."""

from __future__ import annotations

import re
from typing import Literal

PARTIAL_DATE = re.compile(r"(?:\d{4}|XXXX)-(?:0[1-9]|1[0-2]|XX)-(?:0[1-9]|[12]\d|3[01]|XX)")
DateLikeness = Literal[
    "same",
    "partial",
    "conventional_day",
    "swapped",
    "one_digit",
    "neighbours",
    "same_year",
    "unknown",
    "different",
]
_UNKNOWN_YEAR = "XXXX"


def is_partial_date(text: str) -> bool:
    """Whether a text is a date of this form; a day that its month lacks passes, as lists carry what they were told."""
    return bool(PARTIAL_DATE.fullmatch(text))


def date_likeness(one: str | None, other: str | None) -> DateLikeness:
    """How two birth dates stand to each other.

    `partial`: equal as far as both are known, the year among it. `conventional_day`: 1 January, which registers write
    for an unknown day, in the same year. `swapped`: day and month; `neighbours`: two digits beside each other.
    A date known in part is held against the same mistakes in what is known of it.
    """
    if not one or not other:
        return "unknown"
    if _UNKNOWN_YEAR in (one[:4], other[:4]):
        # Day and month, in either order, say too little to count for more than no date.
        return "unknown" if _compatible(one, other) or _compatible(_swapped(one), other) else "different"
    if one == other and "X" not in one:
        return "same"
    return "partial" if _compatible(one, other) else _mistaken(one, other)


def _compatible(one: str, other: str) -> bool:
    return all("X" in a or "X" in b or a == b for a, b in zip(one.split("-"), other.split("-"), strict=True))


def _swapped(date: str) -> str:
    year, month, day = date.split("-")
    return f"{year}-{day}-{month}"


def _mistaken(one: str, other: str) -> DateLikeness:
    same_year = one[:4] == other[:4]
    if same_year:
        if _compatible(_swapped(one), other):
            return "swapped"
        if "01-01" in (one[5:], other[5:]):
            return "conventional_day"
    places = [
        index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b and "X" not in (a, b)
    ]
    if len(places) == 1 and _agree_somewhere(one, other):
        return "one_digit"
    if len(places) == 2 and _exchanged(one, other, *places):
        return "neighbours"
    return "same_year" if same_year else "different"


def _agree_somewhere(one: str, other: str) -> bool:
    """Whether year, month or day is the same: with the years alone known, one digit is nearly everybody's."""
    return any("X" not in a and a == b for a, b in zip(one.split("-"), other.split("-"), strict=True))


def _exchanged(one: str, other: str, first: int, second: int) -> bool:
    return second - first == 1 and one[first] == other[second] and one[second] == other[first]
