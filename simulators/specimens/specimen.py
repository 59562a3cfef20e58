"""One specimen: a picture of an invented document, and what is printed on it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from PIL import Image

from simulators.specimens import typefaces
from simulators.specimens.camera import Shot, photograph
from simulators.specimens.holders import FORMATS, Holding, draw_holding
from simulators.specimens.pages import SHEETS, draw_page, zone_boxes

if TYPE_CHECKING:
    from ryoji.evidence.travel_document.layouts import Format

SCALE = 16.0
"""Pixels a millimetre of the flat page, before the camera."""

SHOTS: dict[str, Shot] = {
    "scan": Shot(),
    "phone": Shot(rotation=4, perspective=0.03, blur=0.6, noise=4, quality=80),
    "tilted": Shot(rotation=-17, perspective=0.05, noise=3, quality=80),
    "upside_down": Shot(rotation=180, noise=3),
    "standing": Shot(rotation=90, noise=3),
    "standing_left": Shot(rotation=270, perspective=0.02),
    "perspective": Shot(rotation=6, perspective=0.1, noise=3),
    "blurred": Shot(blur=1.3, noise=3),
    "small": Shot(width=600),
    "compressed": Shot(width=1000, quality=28),
    "dark": Shot(light=0.35, noise=6, quality=80),
    "shadow": Shot(shadow=0.6, rotation=2, noise=4),
    "grainy": Shot(noise=22, quality=75),
    "glare": Shot(glare=0.75, rotation=-3),
    "two_pages": Shot(width=1800, rotation=2, perspective=0.03),
    "far": Shot(width=420, quality=70),
    "shaken": Shot(blur=5.0, noise=6),
    "burnt": Shot(glare=1.0, light=1.2),
    "cut_off": Shot(crop=0.14),
}
"""Ways to take the picture."""

BEYOND = frozenset({"far", "shaken"})
"""Shots with too few pixels a character, or too blurred, for a person to be sure of every one of them."""

MOST_GLARE = 0.85
"""Part of a character's light that may be the lamp's: what is left, some 30 levels of 255, a person still sees."""


@dataclass(frozen=True)
class Specimen:
    """A picture (JPEG) with its truth. `shot` names how it was taken.

    `legible`: a person can read every character of the zone, because none is cut off or washed out by a lamp, and the
    picture is neither taken from too far away nor shaken.
    """

    picture: bytes
    holding: Holding
    shot: str
    seed: int
    legible: bool

    def truth(self) -> dict[str, Any]:
        """What is printed, as JSON."""
        return {
            "format": self.holding.format,
            "lines": list(self.holding.lines),
            "fields": self.holding.fields.model_dump(mode="json"),
            "shot": self.shot,
            "legible": self.legible,
            "seed": self.seed,
        }


def take(
    seed: int,
    today: date,
    *,
    shot: str = "scan",
    format: Format | None = None,
    font_file: str | None = None,
    portrait: Image.Image | None = None,
) -> Specimen:
    """One specimen: the same seed and arguments give the same bytes. `portrait` goes into the photo area.

    Raises typefaces.NoTypeface when OCR-B is neither installed nor named.
    """
    chance = random.Random(seed)  # noqa: S311 - drawn by a seed
    holding = draw_holding(chance, today, format)
    page = draw_page(holding, chance, SCALE, font_file or typefaces.file_of("OCR B"), portrait)
    if shot == "two_pages":
        page = _with_facing_page(page, chance)
    jittered = replace(SHOTS[shot], rotation=SHOTS[shot].rotation + _jitter(shot, chance))
    taken = photograph(page, jittered, chance)
    below = page.height - round(SHEETS[holding.format].height * SCALE)
    legible = shot not in BEYOND and all(
        taken.shows((left, top + below, right, bottom + below), MOST_GLARE)
        for left, top, right, bottom in zone_boxes(holding, SCALE)
    )
    return Specimen(taken.jpeg, holding, shot, seed, legible)


def take_many(count: int, seed: int, today: date, font_file: str | None = None) -> Iterator[Specimen]:
    """`count` specimens, each way of taking pictures and each format in turn (19 and 7: every pair comes)."""
    ways = tuple(SHOTS)
    for index in range(count):
        yield take(
            seed * 100_003 + index,
            today,
            shot=ways[index % len(ways)],
            format=FORMATS[index % len(FORMATS)],
            font_file=font_file,
        )


def _jitter(shot: str, chance: random.Random) -> float:
    return 0.0 if shot in ("scan", "small", "far") else chance.uniform(-2.0, 2.0)


def _with_facing_page(page: Image.Image, chance: random.Random) -> Image.Image:
    """An open passport: the page before, with words and a number of its own, above the data page."""
    from PIL import ImageDraw

    spread = Image.new("RGB", (page.width, page.height * 2), (226, 222, 214))
    spread.paste(page, (0, page.height))
    draw = ImageDraw.Draw(spread)
    words = typefaces.font(typefaces.file_of("DejaVu Sans"), round(2.6 * SCALE))
    text = (
        "The Minister for Foreign Affairs requests all those\nwhom it may concern to allow the bearer to pass\n"
        "freely and without hindrance and, in case of need,\nto afford him or her every possible aid.\n\n"
        f"SPECIMEN {chance.randrange(10**8):08d}"
    )
    draw.multiline_text((8 * SCALE, 14 * SCALE), text, font=words, fill=(70, 70, 80), spacing=SCALE)
    return spread
