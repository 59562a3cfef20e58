"""Days and times as a DTM writes them, and as JSON has them: what is kept and told in JSON asks for them, too."""

from __future__ import annotations

from datetime import date

_LENGTHS = {"101": 6, "102": 8, "201": 10, "203": 12}
_CODES = {length: code for code, length in _LENGTHS.items()}


def day_of(when: tuple[str, ...]) -> date | None:
    """The day of a DTM's value and format: 101 YYMMDD, 102 CCYYMMDD, 201 YYMMDDHHMM, 203 CCYYMMDDHHMM."""
    digits = digits_of(when)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def digits_of(when: tuple[str, ...]) -> str:
    """A moment as CCYYMMDD, with HHMM if it has a time; empty when it is of no format that is known."""
    value, code = (*when, "", "")[:2]
    code = code or _CODES.get(len(value), "")
    if len(value) != _LENGTHS.get(code) or not value.isascii() or not value.isdigit():
        return ""
    return value if code in ("102", "203") else f"20{value}"


def local_time(written: str) -> str:
    """A flight's moment, as a carrier wrote it in either format, as JSON has it: YYYY-MM-DDTHH:MM.

    A DTM that told no time is the day alone. What is neither stays as it is.
    """
    digits = digits_of(tuple(written.split(":")))
    if not digits:
        return written
    day, time = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}", digits[8:]
    return f"{day}T{time[:2]}:{time[2:]}" if time else day
