"""Calendars of working days, as data: weekends, holidays by day, and calendars that add to another.

A calendar says which years it knows. A date outside them is an error and not a guess: holidays are law, and
next year's may not have been made yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ryoji.catalogue.definition import Code, Mark
from ryoji.errors import Rejected

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


class Holiday(_Shape):
    """One day without work."""

    day: date = Field(description="The day.")
    name: str = Field(description="What it is, in the language of the source.")
    source: str = Field(description="Provision or notice that makes it a holiday.")
    mark: Mark = Field(description="How well it is known.")


class CalendarData(_Shape):
    """One calendar file."""

    id: Code = Field(description="Name by which offices and procedures call it.")
    since: date = Field(alias="from", description="First day that the calendar knows.")
    until: date = Field(description="Last day that the calendar knows.")
    weekend: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        default=["sat", "sun"], description="Days of the week without work."
    )
    adds_to: list[Code] = Field(default=[], description="Calendars whose holidays are kept as well.")
    holidays: list[Holiday] = Field(default=[], description="Days without work besides weekends.")


@dataclass(frozen=True)
class Calendar:
    """A calendar as it is reckoned with."""

    id: str
    since: date
    until: date
    weekend: frozenset[int]
    holidays: Mapping[date, str]

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on that day. Raises Rejected (calendar_ends) outside the known years."""
        if not self.since <= day <= self.until:
            raise Rejected("calendar_ends", calendar=self.id, day=day.isoformat())
        return day.weekday() not in self.weekend and day not in self.holidays


def combined(calendar_id: str, every: Mapping[str, CalendarData]) -> Calendar:
    """The calendar of that name with everything that it adds to."""
    chain = list(_chain(calendar_id, every))
    return Calendar(
        id=calendar_id,
        since=max(data.since for data in chain),
        until=min(data.until for data in chain),
        weekend=frozenset(_WEEKDAYS.index(day) for day in chain[0].weekend),
        holidays={holiday.day: holiday.name for data in reversed(chain) for holiday in data.holidays},
    )


def _chain(calendar_id: str, every: Mapping[str, CalendarData]) -> list[CalendarData]:
    data = every[calendar_id]
    return [data, *(further for other in data.adds_to for further in _chain(other, every))]
