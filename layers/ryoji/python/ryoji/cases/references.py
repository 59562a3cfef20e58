"""The number that a person reads aloud: no letters that look or sound alike, and a check character."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from itertools import count

# No 0 O, 1 I L, 2 Z, 5 S, 8 B, U V; seven characters name a case, the eighth checks them.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
PREFIX = "RJ"


def free_reference(case_id: str, holder: Callable[[str], str | None]) -> str:
    """The first reference number of a case that no other case holds; `holder` says whose a number is.

    Seven letters are few enough that two cases come to the same number some day (ryoji.cases.log.Log.append lets
    nobody take a number that is held).
    """
    return next(number for number in references_of(case_id) if holder(number) in (None, case_id))


def references_of(case_id: str) -> Iterator[str]:
    """The numbers that a case would take, in order."""
    yield reference_of(case_id)
    yield from (_number(f"reference {case_id} {turn}") for turn in count(1))


def reference_of(case_id: str) -> str:
    """The reference number of a case, as `RJ-XXXX-XXXX`: the same for the same case, not to be guessed from another."""
    return _number(f"reference {case_id}")


def _number(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = ""
    for _ in range(7):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    letters += _check(letters)
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def normalise(text: str) -> str | None:
    """A reference as typed by a person, in its proper form; None when it cannot be one."""
    # NFKC: what a Japanese keyboard writes in full width is the same letter.
    letters = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    if len(letters) != 8:  # the eight may begin with RJ themselves
        letters = letters.removeprefix(PREFIX)
    if len(letters) != 8 or any(c not in ALPHABET for c in letters) or _check(letters[:7]) != letters[7]:
        return None
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def _check(letters: str) -> str:
    # Weights that are units modulo 23 catch every single wrong letter and every swap of neighbours.
    total = sum(ALPHABET.index(letter) * (place + 2) for place, letter in enumerate(letters))
    return ALPHABET[total % len(ALPHABET)]
