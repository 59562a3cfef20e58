"""What a part of a name sounds like: a skeleton of consonants, and Chinese syllables whichever way they are spelled.

The skeleton is coarse on purpose: it brings spellings of one name together (Mohammed, MXHMD; Khaled, Haled; Zhukov,
Joukov) so that they can be compared, and says nothing by itself.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files

_NOT_LETTERS = re.compile(r"[^A-Z]")
# Doc 9303 part 3 section 6 writes Arabic letters that Latin lacks with X; said aloud they are these.
_ESCAPES = (
    ("XKH", "KH"), ("XTH", "TH"), ("XDH", "DH"), ("XSH", "SH"), ("XSS", "S"), ("XDZ", "D"), ("XTT", "T"),
    ("XZZ", "Z"), ("XTA", ""), ("XAH", ""), ("XAA", "A"), ("XAE", "A"), ("XAY", "A"), ("XXA", "A"), ("XE", ""),
    ("XI", "I"), ("XH", "H"),
)  # fmt: skip
_ESCAPED = re.compile("|".join(escape for escape, _ in _ESCAPES))
# In ALEXEI and MAXIM an X is an X: the two short escapes count only beside one that nothing else is written with.
_SURELY_ESCAPED = re.compile("|".join(escape for escape, _ in _ESCAPES if escape not in ("XE", "XI")))
_SAID = dict(_ESCAPES)
_GROUPS = (
    ("SHCH", "S"), ("SCHTSCH", "S"), ("TSCH", "S"), ("TCH", "S"), ("SCH", "S"), ("DZH", "S"), ("DSCH", "S"),
    ("CH", "S"), ("SH", "S"), ("ZH", "S"), ("DJ", "S"), ("TS", "S"), ("TZ", "S"), ("CZ", "S"), ("SZ", "S"),
    ("DZ", "S"), ("KH", "H"), ("GH", "K"), ("CK", "K"), ("PH", "F"), ("TH", "T"), ("DH", "T"), ("X", "KS"),
)  # fmt: skip
_GROUPED = re.compile("|".join(sorted((group for group, _ in _GROUPS), key=len, reverse=True)))
_CLASS_OF_GROUP = dict(_GROUPS)
_SOFT_C = re.compile(r"C(?=[EIY])")
_CLASSES = str.maketrans("BCDGJPQTVWZ", "PKTKSPKTFFS")
_VOWELS = re.compile(r"[AEIOUY]")
_DOUBLED = re.compile(r"(.)\1+")
_INNER_W = re.compile(r"(?<=.)W")
MOST_SYLLABLES = 3
_LONGEST_SYLLABLE = 6


@lru_cache(maxsize=200_000)
def plain(form: str) -> str:
    """Latin letters with the zone's escapes said aloud: MXHMD is MHMD."""
    letters = _NOT_LETTERS.sub("", form)
    if not _SURELY_ESCAPED.search(letters):
        return letters
    return _ESCAPED.sub(lambda found: _SAID[found[0]], letters)


@lru_cache(maxsize=200_000)
def skeletons(form: str) -> tuple[str, ...]:
    """The consonants of a Latin form in classes, without doubling; two where W may be a vowel (DAWUD, DAOUD)."""
    letters = plain(form)
    found = [_skeleton(letters)]
    if _INNER_W.search(letters):
        found.append(_skeleton(_INNER_W.sub("U", letters)))
    return tuple(dict.fromkeys(each for each in found if each))


def _skeleton(letters: str) -> str:
    if not letters:
        return ""
    grouped = _GROUPED.sub(lambda found: _CLASS_OF_GROUP[found[0]], letters)
    classed = _SOFT_C.sub("S", grouped).translate(_CLASSES)
    # A beginning vowel is kept as one class: Yevgeny and Evgenii, Yusuf and Iusuf, Umar and Omar begin alike.
    begins = "A" if _VOWELS.match(classed) else ""
    bare = _DOUBLED.sub(r"\1", _VOWELS.sub("", classed)).rstrip("H")
    return begins + bare


@cache
def _wade_giles() -> dict[str, tuple[str, ...]]:
    text = files(__package__).joinpath("syllables.json").read_text("utf-8")
    return {pinyin: tuple(forms) for pinyin, forms in json.loads(text)["wade_giles"].items()}


@cache
def _syllables() -> dict[str, tuple[str, ...]]:
    """By spelling: what the syllable is in Wade-Giles without apostrophes, whichever of the two systems it is of."""
    known: dict[str, set[str]] = {}
    for pinyin, forms in _wade_giles().items():
        known.setdefault(pinyin, set()).update(forms)
        for form in forms:
            known.setdefault(form, set()).add(form)
    return {spelling: tuple(sorted(forms)) for spelling, forms in known.items()}


@lru_cache(maxsize=100_000)
def chinese(form: str) -> frozenset[str]:
    """A Latin form as Chinese syllables in Wade-Giles, joined by a point; empty when it is none.

    Passports drop the apostrophes of Wade-Giles, so CHANG stands for pinyin `zhang` and `chang`: both are answered.
    """
    letters = _NOT_LETTERS.sub("", form)
    if not letters or len(letters) > MOST_SYLLABLES * _LONGEST_SYLLABLE:
        return frozenset()
    return frozenset(".".join(each) for each in _divided(letters, MOST_SYLLABLES))


def _divided(letters: str, room: int) -> list[tuple[str, ...]]:
    if not letters:
        return [()]
    if not room:
        return []
    known = _syllables()
    found: list[tuple[str, ...]] = []
    for length in range(1, min(_LONGEST_SYLLABLE, len(letters)) + 1):
        heads = known.get(letters[:length])
        if heads:
            found += [(head, *rest) for rest in _divided(letters[length:], room - 1) for head in heads]
    return found[:64]
