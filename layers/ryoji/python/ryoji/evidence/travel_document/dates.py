"""Dates of the zone: six characters, unknown parts allowed, and no century (ICAO Doc 9303 part 3, section 4.8)."""

from __future__ import annotations

import re
from datetime import date

from ryoji.evidence.travel_document.check_digits import DIGITS

_SHAPE = re.compile(r"(\d\d|<<)(\d\d|<<)(\d\d|<<)")
_UNKNOWN = "XX"


def is_possible(text: str, *, unknown_parts: bool) -> bool:
    """Whether six characters can be a date; fillers stand for unknown parts of a birth date only."""
    shape = _SHAPE.fullmatch(text)
    if not shape or ("<" in text and not unknown_parts):
        return False
    _, month, day = shape.groups()
    if month == "<<":
        return day == "<<" or "01" <= day <= "31"
    return "01" <= month <= "12" and (day == "<<" or "01" <= day <= _longest(text))


def birth_date(text: str, today: date) -> str:
    """A birth date in ISO form, unknown parts as `XX` (ISO 8601-2). Never in the future."""
    year, month, day = _parts(text)
    if not year.isdigit():
        return f"XXXX-{month}-{day}"
    this_century = f"{today.year // 100}{year}-{month}-{day}"
    # "XX" sorts after every digit, so a half-known date of the present year must be cut before comparing.
    known = this_century.partition("-X")[0]
    if known <= today.isoformat()[: len(known)]:
        return this_century
    return f"{today.year // 100 - 1}{this_century[2:]}"


def expiry_date(text: str, today: date) -> str:
    """An expiry date in ISO form: of the possible centuries, the year nearest to today."""
    year, month, day = _parts(text)
    if not year.isdigit():
        return f"XXXX-{month}-{day}"
    base = today.year // 100 * 100 + int(year)
    nearest = min((base - 100, base, base + 100), key=lambda candidate: abs(candidate - today.year))
    return f"{nearest}-{month}-{day}"


def printed_date(iso: str) -> str:
    """An ISO date (unknown parts `XX`) as the zone prints it."""
    year, month, day = iso.split("-")
    return f"{year[2:]}{month}{day}".replace(_UNKNOWN, "<<")


def _parts(text: str) -> tuple[str, str, str]:
    # What is not a digit is not known; a zone that does not check may hold anything here.
    shown = "".join(char if char in DIGITS else "X" for char in text)
    return shown[:2], shown[2:4], shown[4:]


def _longest(text: str) -> str:
    """The last day of the month; a year's century is not known, so 29 February is allowed in every fourth."""
    month = int(text[2:4])
    if month == 2:
        leap = text[:2] == "<<" or int(text[:2]) % 4 == 0
        return "29" if leap else "28"
    return "30" if month in (4, 6, 9, 11) else "31"
