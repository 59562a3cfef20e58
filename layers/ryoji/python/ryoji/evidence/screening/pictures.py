"""Document pictures that look the same: a 64-bit difference hash, found whole and by its four parts of 16 bits.

Two hashes that differ in at most three bits have at least one part in common, so four exact look-ups find them. Forms
look alike, and many share a part: what is quite the same is found by the whole hash, whatever stands under a part.
A difference hash says which of two neighbouring places of a 9 × 8 picture is brighter (N. Krawetz, 2013).
"""

from __future__ import annotations

import io

from ryoji.evidence.screening.marks import Mark

_WIDTH, _HEIGHT = 9, 8
PARTS, PART_BITS = 4, 16
_LEAST_CONTRAST = 8


def difference_hash(picture: bytes) -> int | None:
    """The hash of a picture; None for one without contrast, which looks like every other such."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("L").resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)
    grey = small.tobytes()
    if max(grey) - min(grey) < _LEAST_CONTRAST:
        return None
    bits = 0
    for row in range(_HEIGHT):
        for column in range(_WIDTH - 1):
            place = row * _WIDTH + column
            bits = bits << 1 | (grey[place] < grey[place + 1])
    return bits


def picture_marks(document: str, picture: bytes) -> tuple[Mark, ...]:
    """The marks under which a document's picture is found: one for each part of its hash, and one for the whole."""
    shape = difference_hash(picture)
    if shape is None:
        return ()
    parts = ((shape >> PART_BITS * index) & (1 << PART_BITS) - 1 for index in range(PARTS))
    values = (*(f"{index} {part:04x}" for index, part in enumerate(parts)), f"{shape:016x}")
    return tuple(Mark("picture", f"{document} {value}", shape) for value in values)


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return (one ^ other).bit_count()
