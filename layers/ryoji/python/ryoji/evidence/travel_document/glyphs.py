"""What a recogniser wrote, taken as characters of the zone: look-alikes from other scripts, and ways to write `<`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ryoji.evidence.travel_document.check_digits import ALPHABET, FILLER

UNREAD = "?"
"""A mark that stands for no character of the zone."""

_FILLERS = frozenset("‹＜〈く≤∠ㄑ⟨([{〔【≺<")
_WIDE_FILLERS = frozenset("«《≪")
_LOOK_ALIKES = {
    "|": "I", "!": "I", "¡": "I", "l": "I", "ı": "I", "エ": "I", "工": "I", "]": "I", ")": "I",
    "$": "S", "§": "S", "@": "0", "°": "0", "º": "0", "○": "0", "〇": "0", "Ø": "0", "ø": "0",
    "b": "6", "q": "9", "g": "9", "£": "E", "€": "C", "¥": "Y", "©": "C", "®": "R",
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O",
    "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H",
    "О": "O", "Р": "P", "С": "C", "Т": "T", "У": "Y", "Х": "X", "乙": "Z", "丁": "T", "し": "L",
}  # fmt: skip
_RUN_OF_FILLERS = re.compile(r"([CKLSEXce])\1{3,}")
"""No name has four of the same letter in a row; a document number may."""

_SPECKS = frozenset(" \t\u3000.,'`´’‘“”\":;-–—_~*·•/\\=+^¨¯")


@dataclass(frozen=True)
class Glyph:
    """One character of the zone as read, and what the recogniser wrote for it."""

    char: str
    written: str
    repeated: bool = False
    """Whether this is one of four or more like letters in a row that fillers are often read as."""

    @property
    def wide(self) -> bool:
        """Whether this may stand for two fillers: recognisers write « for one as well as for two."""
        return self.written in _WIDE_FILLERS


def glyphs_of(text: str) -> tuple[Glyph, ...]:
    """The characters of one recognised line; blanks and specks are left out, the unreadable is `?`."""
    marks = [mark for mark in unicodedata.normalize("NFC", text) if mark not in _SPECKS]
    repeated = {
        place for run in _RUN_OF_FILLERS.finditer("".join(marks)) for place in range(run.start(), run.end())
    }
    return tuple(
        Glyph(_read(mark, marks, index), mark, index in repeated) for index, mark in enumerate(marks)
    )


def text_of(glyphs: tuple[Glyph, ...]) -> str:
    """The characters alone."""
    return "".join(glyph.char for glyph in glyphs)


def _read(mark: str, marks: list[str], index: int) -> str:
    if mark in _FILLERS or mark in _WIDE_FILLERS:
        return FILLER
    if mark == "c" and _is_among_fillers(marks, index):
        return FILLER
    if mark in _LOOK_ALIKES:
        return _LOOK_ALIKES[mark]
    plain = unicodedata.normalize("NFKD", mark)[0].upper()
    if plain in ALPHABET:
        return plain
    return _LOOK_ALIKES.get(plain, UNREAD)


def _is_among_fillers(marks: list[str], index: int) -> bool:
    """A lower-case c beside a filler, or second in its line, is a filler: the zone has no lower case."""
    around = marks[max(0, index - 1) : index] + marks[index + 1 : index + 2]
    return index == 1 or any(mark in _FILLERS or mark in _WIDE_FILLERS or mark == "c" for mark in around)
