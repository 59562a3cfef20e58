"""Where to look again when a picture gave no zone: the part of it to cut out, and how to turn it.

A pure answer from the geometry of the first response; whoever holds the picture cuts, turns and asks again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from ryoji.evidence.travel_document.lines import OcrLine, lines_of

_MARGIN_ALONG, _MARGIN_ACROSS = 0.06, 1.6
_ZONE_GLYPHS = 20
_ZONE_SIGNS = "<>«»"
_STRAIGHT = 3.0
_BAND_PIXELS = 2000


class View(BaseModel):
    """Cut `left, top, width, height` (fractions of the picture) out, then turn by `rotation` degrees clockwise.

    `longer_side` is the size in pixels to enlarge a smaller cutting to before it is read again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotation: float = 0.0
    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0
    longer_side: int = _BAND_PIXELS


def next_view(
    textract_response: dict[str, Any], seen: Sequence[View] = (), *, aspect: float = 1.0
) -> View | None:
    """The next view of the same picture to try, or None when nothing promises more.

    `textract_response` is of the whole picture, `seen` what was tried since, `aspect` its width over its height
    (fractions alone do not tell angles).
    """
    lines = lines_of(textract_response)
    return next((view for view in _promising(lines, aspect) if view not in seen), None)


def _promising(lines: tuple[OcrLine, ...], aspect: float) -> list[View]:
    zone = [line for line in lines if len(line.polygon) == 4 and _may_be_zone(line.text)]
    if zone:
        band = _band(zone)
        upright = _to_upright(zone, aspect)
        turned = _written_upside_down(zone)
        order = (upright + 180.0, upright) if turned else (upright, upright + 180.0)
        close_up = [band.model_copy(update={"rotation": _rounded(angle)}) for angle in order]
        whole = [View(rotation=_rounded(angle)) for angle in order if abs(_rounded(angle)) > _STRAIGHT]
        return close_up + whole
    placed = [line for line in lines if len(line.polygon) == 4]
    standing = bool(placed) and abs(math.sin(math.radians(_to_upright(placed, aspect)))) > 0.7
    quarters = (90.0, 270.0, 180.0) if standing else (180.0, 90.0, 270.0)
    # The zone stands at the lower edge of a data page: small print there gains most from a closer look.
    return [View(top=0.5, height=0.5), *(View(rotation=quarter) for quarter in quarters)]


def _may_be_zone(text: str) -> bool:
    marks = [mark for mark in text if not mark.isspace()]
    signs = sum(mark in _ZONE_SIGNS for mark in marks)
    return signs >= 4 or (len(marks) >= _ZONE_GLYPHS and sum(mark.isdigit() for mark in marks) >= 10)


def _written_upside_down(zone: list[OcrLine]) -> bool:
    """A filler that was read as its mirror image says that the line stood on its head."""
    text = "".join(line.text for line in zone)
    return text.count(">") + text.count("»") > text.count("<") + text.count("«")


def _band(zone: list[OcrLine]) -> View:
    """The box around the zone's lines with room for a lost line on either side."""
    xs = [x for line in zone for x, _ in line.polygon]
    ys = [y for line in zone for _, y in line.polygon]
    thick = max(_thickness(line) for line in zone) * _MARGIN_ACROSS
    left, top = max(0.0, min(xs) - _MARGIN_ALONG - thick / 2), max(0.0, min(ys) - thick)
    right, bottom = min(1.0, max(xs) + _MARGIN_ALONG + thick / 2), min(1.0, max(ys) + thick)
    return View(left=left, top=top, width=right - left, height=bottom - top)


def _thickness(line: OcrLine) -> float:
    sides = [math.dist(line.polygon[index], line.polygon[(index + 1) % 4]) for index in range(4)]
    return min(max(sides[0], sides[2]), max(sides[1], sides[3]))


def _to_upright(lines: list[OcrLine], aspect: float) -> float:
    """Degrees clockwise by which to turn the picture so that its longest line runs from left to right."""

    def along(line: OcrLine) -> tuple[float, float]:
        corners = [(x * aspect, y) for x, y in line.polygon]
        first = (corners[1][0] - corners[0][0], corners[1][1] - corners[0][1])
        second = (corners[2][0] - corners[1][0], corners[2][1] - corners[1][1])
        return max(first, second, key=lambda side: math.hypot(*side))

    x, y = max((along(line) for line in lines), key=lambda side: math.hypot(*side))
    return -math.degrees(math.atan2(y, x))


def _rounded(angle: float) -> float:
    """Within (-180, 180], to a tenth of a degree."""
    return round((angle + 180.0) % 360.0 - 180.0, 1)
