"""Offices that take applications: missions abroad and the prefectures' passport offices, as data.

What an office's row cannot know from the law (opening hours, slots) is a setting of the sandbox and marked so.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ryoji.catalogue.definition import Code, Mark

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


class Hours(_Shape):
    """When the counter is open, in the office's own time."""

    days: list[Weekday] = Field(description="Weekdays on which these hours hold.", min_length=1)
    opens: time = Field(description="First minute at which a visit may start.")
    closes: time = Field(description="Minute by which every visit has ended.")

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if self.closes <= self.opens:
            raise ValueError("closes is not after opens")
        return self


class Appointments(_Shape):
    """How visits are booked."""

    minutes: int = Field(ge=5, le=120, description="Length of a slot in minutes.")
    capacity: int = Field(ge=1, le=100, description="People who can be seen in one slot.")
    mark: Mark = Field(description="How well hours, length and capacity are known.")


class Office(_Shape):
    """One office."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)] = Field(
        description="Name in addresses, such as mission-singapore."
    )
    kind: Literal["mission", "prefecture", "headquarters"] = Field(description="Who runs it.")
    name: dict[str, str] = Field(description="Name by language.", min_length=1)
    address: dict[str, str] = Field(default={}, description="Address by language, where known.")
    place: Annotated[str, Field(pattern=r"^[A-Z]+( [A-Z]+)*$", max_length=15)] | None = Field(
        default=None, description="City, as seals and pages of permissions have it: place of issue."
    )
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")
    serves: list[str] = Field(
        default=[],
        description="States whose residents apply for a visa here, three letters of Doc 9303 part 3.",
    )
    timezone: str = Field(description="IANA time zone.")
    calendar: Code = Field(description="Calendar of its working days.")
    hours: list[Hours] = Field(description="Opening hours.", min_length=1)
    appointments: Appointments = Field(description="How visits are booked.")
    desk: Code = Field(description="Queue that its cases go to.")
    source: str = Field(description="Where the office was read.")
    mark: Mark = Field(description="How well name and place are known.")

    def today(self, now: datetime) -> date:
        """The day at the office at a moment (aware)."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def named(self, language: str) -> str:
        """The office's name in that language, in English, or in the first that it has."""
        return self.name.get(language) or self.name.get("en") or next(iter(self.name.values()))

    def addressed(self, language: str) -> str | None:
        """The office's address in that language or another, if known."""
        return self.address.get(language) or self.address.get("en") or next(iter(self.address.values()), None)


class ServedEverywhere(_Shape):
    """A state whose residents may apply at every mission, because no source says which one serves them."""

    state: str = Field(description="Three letters of Doc 9303 part 3.")
    source: str = Field(description="Why no mission is named.")
    mark: Mark = Field(description="How well it is known.")
