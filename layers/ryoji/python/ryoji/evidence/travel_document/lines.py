"""Rows of text that may be lines of a zone, out of what a recogniser found on a picture.

Recognisers split one printed line into several pieces, tilt them, and put other text beside them. Positions here
are fractions of the picture's sides; rows are compared along their own directions, so neither rotation nor
perspective nor the (unknown) proportions of the picture matter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from ryoji.evidence.travel_document.check_digits import FILLER
from ryoji.evidence.travel_document.glyphs import Glyph, glyphs_of, text_of

Point = tuple[float, float]

MOST_GLYPHS = 60
"""More than the longest line with specks about it; longer rows are prose."""

_FEWEST_FOR_DIRECTION = 4
_SAME_ROW = 0.6
_WIDEST_GAP = 30.0
_PART_OF_ZONE = 0.55


class OcrLine(BaseModel):
    """One recognised line: text, confidence in per cent, and its corners from the text's own top left, clockwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    confidence: float = 100.0
    polygon: tuple[Point, ...] = ()


def lines_of(textract_response: dict[str, Any]) -> tuple[OcrLine, ...]:
    """The LINE blocks of a DetectDocumentText response, through amazon-textract-response-parser."""
    from trp import Document

    return tuple(
        OcrLine(
            text=line.text,
            confidence=line.confidence,
            polygon=tuple((point.x, point.y) for point in line.geometry.polygon),
        )
        for page in Document(textract_response).pages
        for line in page.lines
    )


@dataclass(frozen=True)
class Row:
    """One row of text: its glyphs, the recognised lines it is made of, and where it lies (None: unknown)."""

    glyphs: tuple[Glyph, ...]
    members: tuple[int, ...]
    written: str
    confidence: float
    place: Place | None

    @cached_property
    def text(self) -> str:
        """The characters of the zone that were read."""
        return text_of(self.glyphs)


@dataclass(frozen=True)
class Place:
    """A parallelogram: its middle, half its length along the text, and its height across it."""

    middle: Point
    half_along: Point
    down: Point

    def seen_from(self, other: Place) -> Point | None:
        """This middle in units of the other's half length and height; None when the other has no extent."""
        (ax, ay), (bx, by) = other.half_along, other.down
        area = ax * by - ay * bx
        if abs(area) < 1e-12:
            return None
        x, y = self.middle[0] - other.middle[0], self.middle[1] - other.middle[1]
        return ((x * by - y * bx) / area, (ax * y - ay * x) / area)

    @property
    def length(self) -> float:
        """Half the length, in fractions of the picture: good for comparing rows of one picture only."""
        return math.hypot(*self.half_along)


def rows_of(lines: Sequence[OcrLine]) -> tuple[Row, ...]:
    """Every row worth trying: each line by itself, and pieces that lie in one row put together."""
    singles = tuple(_single(index, line) for index, line in enumerate(lines))
    pieces = tuple(row for row in singles if row.glyphs)
    joined = tuple(row for row in (_with_its_pieces(row, pieces) for row in pieces) if row is not None)
    together = {row.members: row for row in (*pieces, *joined) if len(row.glyphs) <= MOST_GLYPHS}
    return tuple(together.values())


def distance(one: Row, other: Row) -> float:
    """How many line heights apart two rows are, signed downwards; nearness in the list when places are unknown.

    Infinite when the rows are not one above the other.
    """
    if one.place is None or other.place is None:
        return float(other.members[0] - one.members[-1])
    longer, shorter = (one, other) if one.place.length >= other.place.length else (other, one)
    assert longer.place is not None
    assert shorter.place is not None
    seen = shorter.place.seen_from(longer.place)
    if seen is None or abs(seen[0]) > 1.0:
        return math.inf
    return seen[1] if longer is one else -seen[1]


def _single(index: int, line: OcrLine) -> Row:
    glyphs = glyphs_of(line.text)
    return Row(glyphs, (index,), line.text, line.confidence, _place(line.polygon, len(glyphs)))


def _place(polygon: tuple[Point, ...], glyphs: int) -> Place | None:
    if len(polygon) != 4:
        return None
    corners = polygon
    along, across = _side(corners, 0, 1), _side(corners, 1, 2)
    # A polygon may begin at the picture's top left instead of the text's: text is longer than it is high.
    if glyphs >= _FEWEST_FOR_DIRECTION and math.hypot(*across) > math.hypot(*along):
        corners = (*polygon[1:], polygon[0])
        along, across = _side(corners, 0, 1), _side(corners, 1, 2)
    middle = (sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4)
    return Place(middle, (along[0] / 2, along[1] / 2), across)


def _side(corners: tuple[Point, ...], start: int, end: int) -> Point:
    """The mean of the side from `start` to `end` and the one across from it."""
    (ax, ay), (bx, by) = corners[start], corners[end]
    (cx, cy), (dx, dy) = corners[(end + 1) % 4], corners[(end + 2) % 4]
    return ((bx - ax + cx - dx) / 2, (by - ay + cy - dy) / 2)


def _with_its_pieces(row: Row, pieces: tuple[Row, ...]) -> Row | None:
    """The row with every other piece on its line, in reading order; None when it stands alone."""
    if row.place is None or len(row.glyphs) < _FEWEST_FOR_DIRECTION or not _looks_like_zone(row):
        return None
    beside = [(0.0, row)]
    for piece in pieces:
        seen = piece.place.seen_from(row.place) if piece.place and piece is not row else None
        if (
            seen
            and abs(seen[1]) < _tolerance(seen[0])
            and _looks_like_zone(piece)
            and abs(seen[0]) < _WIDEST_GAP
        ):
            beside.append((seen[0], piece))
    if len(beside) == 1:
        return None
    ordered = [piece for _, piece in sorted(beside, key=lambda pair: pair[0])]
    return Row(
        glyphs=tuple(glyph for piece in ordered for glyph in piece.glyphs),
        members=tuple(member for piece in ordered for member in piece.members),
        written=" ".join(piece.written for piece in ordered),
        confidence=min(piece.confidence for piece in ordered),
        place=_span(ordered),
    )


def _tolerance(far: float) -> float:
    """How many heights off its line a piece may lie: the farther away, the more a small tilt tells."""
    return _SAME_ROW + 0.08 * min(abs(far), 6.0)


def _span(pieces: list[Row]) -> Place:
    first, last = pieces[0].place, pieces[-1].place
    assert first is not None
    assert last is not None
    start = (first.middle[0] - first.half_along[0], first.middle[1] - first.half_along[1])
    end = (last.middle[0] + last.half_along[0], last.middle[1] + last.half_along[1])
    highest = max(pieces, key=lambda piece: len(piece.glyphs)).place
    assert highest is not None
    return Place(
        ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2),
        ((end[0] - start[0]) / 2, (end[1] - start[1]) / 2),
        highest.down,
    )


def _looks_like_zone(row: Row) -> bool:
    """Whether most of what was written could be printed in a zone as it stands."""
    as_written = sum(glyph.char in (glyph.written, FILLER) for glyph in row.glyphs)
    return as_written >= _PART_OF_ZONE * len(row.glyphs)
