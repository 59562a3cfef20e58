"""The travellers: as many as are wanted, each with a passport, a page of it and marks of their own."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from local.demo import PORTRAITS
from local.journey import as_jpeg
from local.travellers import Traveller, own_portrait, passport_page, sections

# Parts of names that no list of the sandbox watches for, so that most authorizations need no officer.
_FIRST = (
    "RAHAYU",
    "WULANDARI",
    "PERMATA",
    "KUSUMA",
    "LESTARI",
    "NUGROHO",
    "PRATIWI",
    "SAPUTRA",
    "UTAMI",
    "YULIANA",
)
_LAST = (
    "HANDAYANI",
    "WIRATAMA",
    "SURYADI",
    "MAHENDRA",
    "PURNOMO",
    "KARTIKA",
    "SUSANTI",
    "ANGGRAINI",
    "FIRMANSYAH",
)
# Enough for the reader of machine-readable zones, and no more: pictures are most of the work.
SCALE = 10.0
LONDON = "mission-united-kingdom"


@dataclass(frozen=True)
class Application:
    """What one traveller applies for, with what is typed and uploaded."""

    procedure: str
    who: Traveller
    answers: dict[str, dict[str, Any]]
    page: bytes
    portrait: bytes


def application(place: int, today: date) -> Application:
    """The application of the traveller with this number: even ones want an authorization, odd ones a visa."""
    visa = place % 2 == 1
    who = _traveller(place, visa=visa)
    portrait = (PORTRAITS / ("kenichi.jpg" if visa else "hanako.jpg")).read_bytes()
    answers = sections(who, today, office=LONDON if visa else None)
    # Nobody shares a telephone or an address with anybody: screening would say so.
    answers["traveller"]["phone"] = f"+44 20 7946 {place:04}" if visa else f"+62 21 5{place:03} 0{place:03}"
    answers["traveller"]["address"] = (
        f"{place + 1} {who.surname.title()} Street, Block {chr(65 + place % 26)}"
    )
    procedure = "visa-tourism" if visa else "authorization-indonesia"
    return Application(
        procedure,
        who,
        answers,
        _scanned(place, passport_page(who, portrait, SCALE)),
        own_portrait(portrait, who.number),
    )


def _traveller(place: int, *, visa: bool) -> Traveller:
    # Indians of London: no airline lets them board without a visa, whereas the British need none.
    nationality, home, sex, letter = ("IND", "GBR", "male", "Z") if visa else ("IDN", "IDN", "female", "X")
    first, last = _FIRST[place % len(_FIRST)], _LAST[place % len(_LAST)]
    born = f"{1970 + place % 30}-{1 + place % 12:02}-{1 + place % 28:02}"
    middle = _FIRST[(place // len(_FIRST) + 3) % len(_FIRST)]
    return Traveller(
        last, f"{first} {middle}", born, sex, nationality, f"{letter}{3000000 + place * 7}", home
    )


def _scanned(place: int, page: bytes) -> bytes:
    """The page as it lay on the glass, each a little elsewhere: the same picture twice would be a hit of screening."""
    from PIL import Image

    chance = random.Random(place)
    sheet = Image.open(io.BytesIO(page))
    left, above, right, below = (chance.randint(20, 420) for _ in range(4))
    glass = Image.effect_noise((sheet.width + left + right, sheet.height + above + below), 8).convert("RGB")
    shade = chance.randint(20, 110)
    glass = glass.point(lambda value: min(255, value + shade))
    glass.paste(sheet, (left, above))
    return as_jpeg(glass)
