"""Days, times and amounts as the readers of a language write them. The forms are the texts `written`."""

from __future__ import annotations

from datetime import date, datetime

from ryoji.doors.texts import texts


def written_day(text: str | None, language: str) -> str:
    """The day of an ISO 8601 date or moment, such as 8 December 2026; empty for none."""
    if not text:
        return ""
    day, known = date.fromisoformat(text[:10]), texts()
    month = known.text(f"written.month.{day.month}", language)
    return known.text("written.day", language, day=day.day, month=month, year=day.year)


def written_moment(text: str, language: str) -> str:
    """Day and time of an ISO 8601 moment by its own clock, such as 8 December 2026 09:30; empty for none."""
    if not text:
        return ""
    known, moment = texts(), datetime.fromisoformat(text)
    time = f"{moment:%H}{known.text('written.clock', language)}{moment:%M}"
    return known.text("written.moment", language, day=written_day(text, language), time=time)


def written_yen(amount: int, language: str) -> str:
    """An amount of yen, such as JPY 15,900."""
    known = texts()
    grouped = f"{amount:,}".replace(",", known.text("written.thousands", language))
    return known.text("written.yen", language, amount=grouped)
