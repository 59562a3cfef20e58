"""Parts of names compared with each other: how a part asked about stands to a part on a list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ryoji.evidence.screening.latin import forms_by_article, latin_forms, script_of
from ryoji.evidence.screening.sound import SHORT, chinese, is_escaped, may_be_escaped, plain, skeletons

How = Literal[
    "same",
    "transliteration",
    "doubled",
    "same_reading",
    "consonants",
    "truncated",
    "spelling",
    "initial",
    "none",
]
# Written as parts of their own or joined to the next; they tell little about who somebody is.
PARTICLES = frozenset(
    [
        "AL",
        "EL",
        "UL",
        "BIN",
        "BINT",
        "BEN",
        "IBN",
        "ABU",
        "DE",
        "DA",
        "DO",
        "DOS",
        "DAS",
        "DEL",
        "DELLA",
        "DI",
        "DU",
        "LA",
        "LE",
        "LAS",
        "LOS",
        "VAN",
        "VON",
        "DER",
        "DEN",
        "TER",
        "TEN",
        "Y",
        "E",
        "ZU",
    ]
)
_FORMS_SPELLED = 4
_SHORTEST_TRUNCATED = 3
_NEAR_OF_ONE = 0.3


@dataclass(frozen=True)
class Part:
    """One part of a name with everything that it is compared by."""

    text: str
    forms: tuple[str, ...]
    letters: frozenset[str]
    skeletons: frozenset[str]
    chinese: frozenset[str]
    vowels_may_lack: bool
    is_chinese: bool
    by_article: frozenset[str] = frozenset()
    """Those of the skeletons that it has by its article alone."""

    def __hash__(self) -> int:
        # All else follows from the text; hashing the sets again and again took most of a comparison.
        return hash(self.text)

    @property
    def length(self) -> int:
        """Letters of its shortest form."""
        return min((len(each) for each in self.letters), default=0)

    @property
    def is_initial(self) -> bool:
        """Whether only the first letter is given."""
        return len(self.text) == 1 and script_of(self.text) != "han"

    @property
    def is_particle(self) -> bool:
        """Whether it is an article or a preposition."""
        return not self.letters.isdisjoint(PARTICLES)


@lru_cache(maxsize=100_000)
def part(text: str) -> Part:
    """A part of a name, from its upper-case text in any script."""
    forms = latin_forms(text)
    several = frozenset(each for form in forms for each in chinese(form))
    script = script_of(text)
    is_arabic, is_latin = script == "arabic", script == "latin"
    # What is in Latin letters may mean them, HOXHA as well as MXHMD: it is read both ways.
    readings = {is_arabic, is_arabic or (is_latin and may_be_escaped(text))}
    letters = frozenset(plain(form, arabic=each) for form in forms for each in readings)
    written = _skeletons(forms, readings)
    by_article = _skeletons(forms_by_article(text), readings) - written
    return Part(
        text=text,
        forms=forms,
        letters=letters - {""},
        skeletons=written | by_article,
        chinese=several,
        # Arabic writes no short vowels, and what Doc 9303 makes of it has none either.
        vowels_may_lack=is_arabic or (is_latin and is_escaped(text)),
        is_chinese=_most_syllables(several) in (1, 2),
        by_article=by_article,
    )


def _skeletons(forms: tuple[str, ...], readings: set[bool]) -> frozenset[str]:
    return frozenset(sound for form in forms for each in readings for sound in skeletons(form, arabic=each))


@lru_cache(maxsize=100_000)
def joined(parts: tuple[Part, ...]) -> Part:
    """Parts written together."""
    if len(parts) == 1:
        return parts[0]
    if all(script_of(each.text) == "han" for each in parts):
        # Each character's readings are known; what they give together is the same, joined.
        forms = ("".join(each.forms[0] for each in parts if each.forms),)
        several = _join_sets([each.chinese for each in parts], ".")
        return Part(
            "".join(each.text for each in parts),
            forms,
            _join_sets([each.letters for each in parts], ""),
            frozenset(each for form in forms for each in skeletons(form)),
            several,
            vowels_may_lack=False,
            is_chinese=True,
        )
    return part("".join(each.text for each in parts))


def _most_syllables(several: frozenset[str]) -> int:
    return min((each.count(".") + 1 for each in several), default=0)


def _join_sets(sets: list[frozenset[str]], by: str) -> frozenset[str]:
    made = [""]
    for options in sets:
        made = [f"{start}{by if start else ''}{each}" for start in made for each in sorted(options)][:32]
    return frozenset(made) - {""}


@lru_cache(maxsize=200_000)
def likeness(one: Part, other: Part, chinese: Literal["none", "one", "both"]) -> tuple[How, float]:
    """How two parts stand to each other, and how near their spellings are (0..1).

    `chinese`: which of the two names may be a Chinese one as a whole; only then are parts read as syllables.
    """
    if one.text == other.text:
        return "same", 1.0
    if one.letters & other.letters:
        return ("same" if one.text in other.letters and other.text in one.letters else "transliteration"), 1.0
    if _undoubled(one) & _undoubled(other):
        return "doubled", 1.0
    if chinese != "none" and one.chinese & other.chinese:
        return "same_reading", 1.0
    if one.is_initial or other.is_initial:
        return ("initial", 1.0) if _begins_alike(one, other) else ("none", 0.0)
    return _nearly(one, other, of_syllables=chinese == "both")


def _nearly(one: Part, other: Part, *, of_syllables: bool) -> tuple[How, float]:
    near = _nearness(one, other)
    if of_syllables and one.chinese and other.chinese:
        # Both are Chinese syllables and not the same ones: another name, however near the letters are.
        return "none", near
    common = one.skeletons & other.skeletons
    telling = max((len(each) for each in common), default=0)
    if one.vowels_may_lack or other.vowels_may_lack:
        if telling >= SHORT:
            return "consonants", 1.0
        if telling and near >= _NEAR_OF_ONE:  # ضياء and DIAA have one consonant, and no more can be alike
            return "consonants", near
    if telling >= 3 or (telling == 2 and near >= 0.6):
        return "consonants", near
    if _truncated(one, other):
        return "truncated", near
    return "spelling", near


def _undoubled(one: Part) -> frozenset[str]:
    return frozenset(_single(letters) for letters in one.letters)


@lru_cache(maxsize=100_000)
def _single(letters: str) -> str:
    return "".join(char for index, char in enumerate(letters) if index == 0 or letters[index - 1] != char)


def _begins_alike(one: Part, other: Part) -> bool:
    return not {each[:1] for each in one.letters}.isdisjoint({each[:1] for each in other.letters})


def _truncated(one: Part, other: Part) -> bool:
    return any(
        len(short) >= _SHORTEST_TRUNCATED and long.startswith(short)
        for a in one.letters
        for b in other.letters
        for short, long in ((a, b) if len(a) < len(b) else (b, a),)
    )


def _nearness(one: Part, other: Part) -> float:
    from jellyfish import damerau_levenshtein_distance

    return max(
        (
            1 - damerau_levenshtein_distance(a, b) / max(len(a), len(b))
            for a in sorted(one.letters)[:_FORMS_SPELLED]
            for b in sorted(other.letters)[:_FORMS_SPELLED]
        ),
        default=0.0,
    )
