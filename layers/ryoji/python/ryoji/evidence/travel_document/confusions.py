"""Which characters of OCR-B recognisers take for each other, and how readily: the data that correction goes by."""

from __future__ import annotations

from functools import cache

from ryoji.evidence.travel_document.check_digits import DIGITS, FILLER, LETTERS
from ryoji.evidence.travel_document.glyphs import UNREAD
from ryoji.evidence.travel_document.layouts import Kind

COMMON, LIKELY, POSSIBLE, FORCED = 0.5, 1.0, 1.5, 0.5
"""Costs: the two confusions that every recogniser makes, others often seen, rarer ones, and one without which the
place could not hold the character."""

_COMMON = ("0O", "1I")
_LIKELY = (
    "0D", "0Q", "2Z", "5S", "8B", "6G", "4A", "7T", "OQ",
    "OD", "UV", "MN", "VY", "1L", "IL",
)  # fmt: skip
_POSSIBLE = (
    "08", "06", "09", "17", "38", "56", "68", "89", "35", "27", "3B", "9G", "0U", "0C", "1T", "1J",
    "7Y", "7Z", "5G", "8S", "CG", "CO", "EF", "PR", "PF", "HN", "HM", "KX", "RK", "BR", "IJ", "IT",
    "TY", "XY", "WN", "WM", "DB", "VW", "49", "S3", "B6", "DP", "GQ", "DU", "JU", "2S", "HK",
)  # fmt: skip
FILLER_READ_AS = "KCLSXE"
"""Letters that recognisers make of a filler."""

_DIGIT_TO_LETTER, _LETTER_TO_LETTER = 0.75, 0.25
_FILLER_IN_NUMBER = 1.0
"""Hardly a number has a hyphen, and whatever becomes a filler has no weight left to be found wrong by."""

_OTHER_INITIAL = 3.0
_UNREAD_DIGIT = 2.0
_DIGITS_FOR = {
    "O": "0", "D": "0", "Q": "09", "U": "0", "C": "0", "I": "1", "L": "1", "J": "1", "Z": "27", "S": "58", "B": "83",
    "G": "69", "A": "4", "T": "71", "Y": "7", "E": "3", "P": "9", "F": "7", "R": "8", "V": "7",
}  # fmt: skip
_LETTERS_FOR = {
    "0": "ODQ", "1": "ILT", "2": "Z", "3": "BE", "4": "A", "5": "S", "6": "G", "7": "TYZ", "8": "BS", "9": "GP",
}  # fmt: skip
_SEX_FOR = {
    "N": "M", "H": "M", "W": "M", "P": "F", "E": "F", "R": "F", "T": "F", "K": "<", "C": "<", "X": "<", "L": "<",
}  # fmt: skip
_INITIALS = "PVACI"
_FIRST_FOR = {
    "F": "P", "R": "P", "B": "P", "D": "P", "0": "C", "G": "C", "O": "C", "1": "I", "L": "I", "T": "I", "J": "I",
    "4": "A", "Y": "V", "U": "V",
}  # fmt: skip

Choice = tuple[str, float]


@cache
def holds(kind: Kind, char: str) -> bool:
    """Whether a place of that kind may hold the character."""
    return char in _HOLDS[kind]


@cache
def choices(kind: Kind, char: str) -> tuple[Choice, ...]:
    """What may really stand where `char` was read, without `char` itself, each with its cost."""
    if char == UNREAD:
        return _unread(kind)
    if not holds(kind, char):
        return _forced(kind, char)
    dearer = _FILLER_IN_NUMBER if kind == "alnum" else 0.0
    return tuple(
        (other, cost + dearer if other == FILLER else cost)
        for other, cost in _look_alikes(char)
        if _is_free(kind, other)
    )


def is_common(read: str, corrected: str) -> bool:
    """Whether this is one of the confusions that every recogniser makes."""
    return read + corrected in _COMMON or corrected + read in _COMMON


@cache
def first_letters(initials: str, char: str) -> tuple[Choice, ...]:
    """The document code's first letter: of the format's initials, whatever was read.

    Another format's letter is not changed: a passport must not become a visa to be rid of its composite digit.
    """
    if char in initials:
        return ((char, 0.0),)
    if char in _INITIALS:
        return ()
    likely = _FIRST_FOR.get(char, "")
    return tuple((letter, FORCED if letter in likely else _OTHER_INITIAL) for letter in initials)


def oddness(kind: Kind, char: str) -> float:
    """Cost of leaving a character as it was read: no document code ends in K, which is what fillers look like."""
    return POSSIBLE if kind == "code" and char == "K" else 0.0


_NAME = LETTERS + FILLER
_HOLDS: dict[Kind, str] = {
    "code": _NAME,
    "state": _NAME,
    "name": _NAME,
    "alnum": DIGITS + _NAME,
    "free": DIGITS + _NAME,
    "birth": DIGITS + FILLER,
    "expiry": DIGITS + FILLER,
    "sex": "MF<",
    "digit": DIGITS,
    "optional_digit": DIGITS + FILLER,
}


def _unread(kind: Kind) -> tuple[Choice, ...]:
    """Only a digit that a check digit pins down can be supplied for what was not read at all."""
    if kind in ("birth", "expiry"):
        return tuple((digit, _UNREAD_DIGIT) for digit in DIGITS)
    return ((FILLER, _UNREAD_DIGIT),) if holds(kind, FILLER) else ()


def _forced(kind: Kind, char: str) -> tuple[Choice, ...]:
    if kind == "sex":
        others = _SEX_FOR.get(char, "")
    elif holds(kind, "0"):
        others = _DIGITS_FOR.get(char, "")
    else:
        others = _LETTERS_FOR.get(char, "")
    # The first is the usual reading; the others must be clearly better confirmed to win.
    return tuple((other, FORCED if index == 0 else POSSIBLE) for index, other in enumerate(others))


def _look_alikes(char: str) -> tuple[Choice, ...]:
    table = ((_COMMON, COMMON), (_LIKELY, LIKELY), (_POSSIBLE, POSSIBLE))
    found = [
        (other, cost + _towards(char, other))
        for pairs, cost in table
        for pair in pairs
        if char in pair
        for other in pair.replace(char, "")
    ]
    if char in FILLER_READ_AS:
        found.append((FILLER, LIKELY))
    if char == FILLER:
        found += [(other, POSSIBLE) for other in FILLER_READ_AS]
    return tuple(found)


def _towards(char: str, other: str) -> float:
    """Numbers hold more digits than letters, and issuers avoid I, O and Q: a digit is the likelier truth."""
    if other in DIGITS:
        return 0.0
    return _DIGIT_TO_LETTER if char in DIGITS else _LETTER_TO_LETTER


def _is_free(kind: Kind, other: str) -> bool:
    """Names and visas' optional data have no check digit: what may stand there stands as read. Codes have a list.

    Check digits are the witnesses: a digit that was read as a digit is never changed to make it agree.
    """
    if kind in ("name", "sex", "free", "digit", "optional_digit"):
        return False
    if kind == "code":
        return other == FILLER
    if kind == "state":
        return other in LETTERS
    return holds(kind, other) and not (kind in ("birth", "expiry") and other == FILLER)
