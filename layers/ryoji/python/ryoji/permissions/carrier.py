"""A carrier as the deployment knows it: its code, its flights, how much it may ask, and where changes are sent."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from ryoji.errors import NotAllowed

# For a carrier of which nothing else was agreed; in one window of five minutes.
CALLS, PASSENGERS = 1500, 20_000
# So many unknown documents in a day are a reason to call a carrier, however slowly they came. [design]
UNKNOWN_A_DAY = 300
# A flight's number behind the airline's code, with its operational suffix if it has one.
_NUMBER = re.compile("[0-9]{1,4}[A-Z]?")
Designator = Annotated[str, Field(pattern="^[A-Z0-9]{2,3}$")]


class Push(BaseModel, frozen=True):
    """The address that changes are sent to, and in which form."""

    url: str = Field(pattern="^https?://[!-~]+$", max_length=250)
    format: Literal["json", "edifact"] = "json"


class Carrier(BaseModel, frozen=True):
    """One carrier. `designators` are the airline codes that its flights' numbers begin with.

    One that is suspended may not ask. What has changed is sent to its address all the same: that was agreed with the
    ministry and is no client's, and its passengers may be on their way.

    The deployment holds what is agreed to this model and forbids what it does not know (infra/deploy.py). Here that is
    passed over: a deployment that goes back to an earlier one finds the later settings for a while.
    """

    code: str = Field(pattern="^[A-Z0-9]{2,8}$")
    designators: tuple[Designator, ...] = Field(min_length=1, max_length=20)
    suspended: bool = False
    calls: int = Field(default=CALLS, ge=1)
    passengers: int = Field(default=PASSENGERS, ge=1)
    unknown_a_day: int = Field(default=UNKNOWN_A_DAY, ge=0)
    push: Push | None = None

    @property
    def fetches(self) -> bool:
        """Whether changes are only fetched from the list: no address was agreed, and its client is let in."""
        return self.push is None and not self.suspended

    @property
    def push_url(self) -> str | None:
        """Where changes are sent, if an address was agreed."""
        return self.push.url if self.push else None

    @property
    def push_format(self) -> Literal["json", "edifact"]:
        """In which form they are sent."""
        return self.push.format if self.push else "json"

    def flies(self, designator: str) -> bool:
        """Whether a flight's number is one of this carrier's."""
        return any(
            designator.startswith(code) and _NUMBER.fullmatch(designator, len(code))
            for code in self.designators
        )


def carrier_of(client: str, settings: dict[str, Any]) -> Carrier:
    """The carrier that a client of the partners' pool belongs to; NotAllowed when it is none's or is suspended."""
    for each in settings.get("carriers", ()):
        if each["client"] == client and not each.get("suspended"):
            return Carrier.model_validate(each)
    raise NotAllowed("not_allowed")


def carrier_called(code: str, settings: dict[str, Any]) -> Carrier | None:
    """The carrier of a code."""
    found = (each for each in settings.get("carriers", ()) if each["code"] == code)
    return next(map(Carrier.model_validate, found), None)
