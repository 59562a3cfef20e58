"""What a seal and a page need to know of a permission: plain values, so that neither knows where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["visa", "authorization"]


@dataclass(frozen=True)
class Issued:
    """A visa or travel authorization as it is issued; the elements are those of travel.md §2.3.

    `birth_date` is ISO with `XX` for unknown parts; `nationality` and `state` are ICAO three-letter codes;
    `stay_days` None: decided at the border; `entries` None: without limit. `type` is what the programme calls it.
    """

    kind: Kind
    number: str
    surname: str
    given_names: str
    passport_number: str
    birth_date: str
    nationality: str
    sex: Literal["M", "F", "X"]
    place_of_issue: str
    valid_from: date
    valid_until: date
    type: str
    stay_days: int | None = None
    entries: int | None = 1
    additional: str = ""
