"""What a part of a name sounds like: a skeleton of consonants, and Chinese syllables whichever way they are spelled.

The skeleton is coarse on purpose: it brings spellings of one name together (Mohammed, MXHMD; Khaled, Haled; Zhukov,
Joukov) so that they can be compared, and says nothing by itself.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files

from ryoji.evidence.screening.latin import combined

_NOT_LETTERS = re.compile(r"[^A-Z]")
# Doc 9303 part 3 section 6 writes Arabic letters that Latin lacks with X; said aloud they are these, the usual first.
_ESCAPES: dict[str, tuple[str, ...]] = {
    "XE": ("",), "XAA": ("A",), "XAE": ("A",), "XI": ("I",), "XTA": ("", "T"), "XAH": ("",), "XTH": ("TH", "S"),
    "XH": ("H",), "XKH": ("KH",), "XDH": ("DH", "Z"), "XSH": ("SH",), "XSS": ("S",), "XDZ": ("D", "Z"),
    "XTT": ("T",), "XZZ": ("Z", "D"), "XAY": ("A",), "XXA": ("A",),
    # Persian, Urdu, Pashto and the like.
    "XXT": ("T",), "XRT": ("T",), "XKE": ("DZ",), "XXH": ("TS",), "XC": ("CH",), "XXD": ("D",), "XDR": ("D",),
    "XXR": ("R", "D"), "XRR": ("R",), "XRX": ("ZH", "G"), "XJ": ("ZH",), "XXS": ("SH", "KH"), "XKK": ("K",),
    "XXK": ("G",), "XNG": ("NG",), "XGG": ("G",), "XNN": ("N",), "XXN": ("N",), "XDO": ("H",), "XYH": ("E",),
    "XXG": ("H",), "XGE": ("E",), "XTG": ("", "T"), "XYA": ("Y",), "XXY": ("Y",), "XYB": ("E",), "XBE": ("E",),
}  # fmt: skip
# The letters without an escape that are said in two ways: جمال is JAMAL or GAMAL, and موسوی MOUSAVI.
_SAID = {**_ESCAPES, "J": ("J", "G"), "W": ("W", "U")}
# No escape is the beginning of another, so there is one way to divide what is written with them.
_ONE_LETTER = re.compile(f"{'|'.join(_ESCAPES)}|.")
# In ALEXEI and MAXIM an X is an X, so these count only beside others; in ROXYANA, and where FELIX NGUYEN is written
# together, it may be one of the others that are in ordinary names too. What is left nothing else is written with.
_IN_MANY_NAMES = frozenset(["XE", "XI", "XC", "XJ"])
_IN_SOME_NAMES = frozenset(["XYA", "XYH", "XYB", "XXY", "XDO", "XDR", "XNG", "XKE", "XGE", "XBE"])
_PERHAPS_ESCAPED = re.compile("|".join(each for each in _ESCAPES if each not in _IN_MANY_NAMES))
_SURELY_ESCAPED = re.compile(
    "|".join(each for each in _ESCAPES if each not in _IN_MANY_NAMES and each not in _IN_SOME_NAMES)
)
MOST_READINGS = 8
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
_UNSAID = re.compile(r"[AEIOUY']")
_DOUBLED = re.compile(r"(.)\1+")
_INNER_W = re.compile(r"(?<=.)W")
_FRENCH_W = re.compile(r"^OU(?=[AEIY])")
SHORT = 2
"""Letters of a skeleton under which it says too little by itself."""
MOST_SYLLABLES = 3
_LONGEST_SYLLABLE = 6


def is_escaped(form: str) -> bool:
    """Whether Latin letters are surely Arabic ones as a zone has them (MXHMD)."""
    return bool(_SURELY_ESCAPED.search(_NOT_LETTERS.sub("", form)))


def may_be_escaped(form: str) -> bool:
    """Whether Latin letters may be Arabic ones: LXYALA surely is, to a person, but so would be ROXYANA."""
    return bool(_PERHAPS_ESCAPED.search(_NOT_LETTERS.sub("", form)))


@lru_cache(maxsize=200_000)
def plain(form: str, *, arabic: bool = False) -> str:
    """The letters of a form; those of an Arabic one said aloud: MXHMD is MHMD, and EALAXE (علاء) EALA."""
    letters = _NOT_LETTERS.sub("", form)
    return "".join(_said(letters)[0]) if arabic else letters


@lru_cache(maxsize=200_000)
def skeletons(form: str, *, arabic: bool = False) -> tuple[str, ...]:
    """The consonants of a form in classes, without doubling, for every way to say it: DAWUD is DAOUD as well."""
    letters = _NOT_LETTERS.sub("", form)
    # The apostrophe keeps apart what is two letters in Arabic: SHYL is Suhail, and its SH no sound of one.
    spoken = ["'".join(filter(None, said)) for said in _said(letters)] if arabic else _read(letters)
    return tuple(dict.fromkeys(each for said in spoken for each in _skeletons(said) if each))


def _said(letters: str) -> list[tuple[str, ...]]:
    """Every way to say what an Arabic name is written with, letter by letter; the first is the commonest."""
    choices = [_SAID.get(each, (each,)) for each in _ONE_LETTER.findall(letters)]
    if letters.startswith("W"):
        choices[0] = ("W",)
    return combined(choices, MOST_READINGS)


def _read(letters: str) -> list[str]:
    """How Latin letters may be meant: a W as a vowel, and the French OU as a W (OUALID)."""
    return [letters, _INNER_W.sub("U", letters), _FRENCH_W.sub("W", letters)]


def _skeletons(letters: str) -> tuple[str, ...]:
    grouped = _GROUPED.sub(lambda found: _CLASS_OF_GROUP[found[0]], letters)
    classed = _SOFT_C.sub("S", grouped).translate(_CLASSES)
    # A beginning vowel is kept as one class: Yevgeny and Evgenii, Yusuf and Iusuf, Umar and Omar begin alike.
    begins = "A" if _VOWELS.match(classed) else ""
    coarse = begins + _DOUBLED.sub(r"\1", _UNSAID.sub("", classed)).rstrip("H")
    if len(coarse) >= SHORT:
        return (coarse,)
    # LEILA would be L and TAHA T, which is too little to find anybody by: what a vowel parts is not doubled, and an
    # H at the end is kept.
    fuller = begins + _UNSAID.sub("", _DOUBLED.sub(r"\1", classed))
    return coarse, fuller, fuller.rstrip("H")


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
