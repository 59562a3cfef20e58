"""A carrier as the deployment knows it: its code, its flights, how much it may ask, and where changes are sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from ryoji.errors import NotAllowed

# For a carrier of which nothing else was agreed; in one window of five minutes.
CALLS, PASSENGERS = 1500, 20_000
# So many unknown documents in a day are a reason to call a carrier, however slowly they came. [design]
UNKNOWN_A_DAY = 300
# A flight's number behind the airline's code, with its operational suffix if it has one.
_NUMBER = re.compile("[0-9]{1,4}[A-Z]?")


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier. `designators` are the airline codes that its flights' numbers begin with.

    One that is suspended may not ask. What has changed is sent to its address all the same: that was agreed with the
    ministry and is no client's, and its passengers may be on their way.
    """

    code: str
    designators: tuple[str, ...]
    suspended: bool = False
    calls: int = CALLS
    passengers: int = PASSENGERS
    unknown_a_day: int = UNKNOWN_A_DAY
    push_url: str | None = None
    push_format: Literal["json", "edifact"] = "json"

    @property
    def fetches(self) -> bool:
        """Whether changes are only fetched from the list: no address was agreed, and its client is let in."""
        return self.push_url is None and not self.suspended

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
            return _carrier(each)
    raise NotAllowed("not_allowed")


def carrier_called(code: str, settings: dict[str, Any]) -> Carrier | None:
    """The carrier of a code."""
    return next((_carrier(each) for each in settings.get("carriers", ()) if each["code"] == code), None)


def _carrier(each: dict[str, Any]) -> Carrier:
    push = each.get("push") or {}
    return Carrier(
        code=each["code"],
        designators=tuple(each["designators"]),
        suspended=bool(each.get("suspended")),
        calls=int(each.get("calls", CALLS)),
        passengers=int(each.get("passengers", PASSENGERS)),
        unknown_a_day=int(each.get("unknown_a_day", UNKNOWN_A_DAY)),
        push_url=push.get("url"),
        push_format=push.get("format", "json"),
    )
