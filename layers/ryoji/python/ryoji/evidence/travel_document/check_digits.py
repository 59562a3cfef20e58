"""Check digits of the machine-readable zone (ICAO Doc 9303 part 3, section 4.9) and what they cannot see."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FILLER = "<"

_WEIGHTS = (7, 3, 1)
# Digits as they are, A=10 to Z=35, the filler 0.
_VALUES = {character: value for value, character in enumerate(DIGITS + LETTERS)} | {FILLER: 0}


def check_digit(text: str) -> str:
    """The check digit over `text`: weights 7, 3, 1 repeating, modulo 10."""
    return str(sum(_VALUES[char] * _WEIGHTS[index % 3] for index, char in enumerate(text)) % 10)


def is_good(text: str, digit: str, *, filler_when_empty: bool = False) -> bool:
    """Whether `digit` checks `text`. An empty optional field may carry `<` instead of `0` (part 4, section 4.2.2)."""
    if filler_when_empty and digit == FILLER:
        return not text.strip(FILLER)
    return digit == check_digit(text)


def are_blind(one: str, other: str) -> bool:
    """Whether no check digit can tell the two characters apart: their values are equal modulo 10."""
    return one != other and _VALUES[one] % 10 == _VALUES[other] % 10
