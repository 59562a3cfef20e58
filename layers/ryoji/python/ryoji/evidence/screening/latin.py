"""What a part of a name may look like in Latin letters, whatever script it is written in.

Doc 9303 part 3 section 6 leaves choices to the states (Ä is AE or A, Г is G or H), so a part has several forms, and
older passports, visas and lists know still others; what sounds alike is compared by `ryoji.evidence.screening.sound`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Literal

from ryoji.evidence.travel_document.transliteration import alternatives, components

MOST_FORMS = 24
Script = Literal["latin", "cyrillic", "arabic", "han", "other"]

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Not in Doc 9303, and on lists all the same.
_PLAINER = {"Ø": "O", "Æ": "A", "Þ": "T", "Œ": "O", "Ł": "L"}
_ARABIC_DOUBLING = "\u0651"
_ARABIC_ARTICLE = "\u0627\u0644"
# An article's L is said as the letter after it when that is one of these. It is known to be an article at the beginning
# of Arabic letters, after عبد (ABD), and before دين (DIN) at the end.
_ARTICLE_SAID = re.compile(
    "^(?:\u0639\u0628\u062f)?\u0627\u0644(?=[\u062a\u062b\u062f-\u0638\u0646])"
    "|\u0627\u0644(?=\u062f[\u064a\u06cc]\u0646$)"
    "|^[AE]BD(?:O[UE]|[AEOU])L(?=[DNRSTZ]|X[DSTZ])"
    # GERALDINE has none.
    "|[AEOU]L(?=D(?:I|EE|Y)N$)|[EOU]L(?=D(?:I|EE|Y)NE$)"
)
# Of عبد الرحمن passports make ABDUL RAHMAN, ABDOUL RAHMAN or ABDUR RAHMAN: the article at the other part. ABDAN, which
# is a name of its own, is taken for one.
_SERVANT_OF_THE = re.compile("(ABD)(?:(?:O[UE]|[AEOU])L|(?:O[UE]|[AEU])(?:[DST]H|[DNRSTZ]))")


def script_of(text: str) -> Script:
    """The script that a text's letters are in, by its first letter."""
    if _HAN.search(text):
        return "han"
    letter = next((char for char in text if char.isalpha()), "")
    name = unicodedata.name(letter, "")
    if name.startswith(("LATIN", "FULLWIDTH LATIN")):
        return "latin"
    if name.startswith("CYRILLIC"):
        return "cyrillic"
    return "arabic" if name.startswith("ARABIC") else "other"


@lru_cache(maxsize=10_000)
def is_compared(character: str) -> bool:
    """Whether a character is of a script that is compared, or no letter of any (a hyphen, a turned comma)."""
    is_letter = character.isalpha() and unicodedata.category(character) != "Lm"
    return not is_letter or script_of(character) != "other"


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name as written, upper case. An apostrophe joins, as it does in the zone; a full stop divides.

    Chinese characters are a part each: what is written without a space may be read with one.
    """
    if _HAN.search(name):
        return tuple(_HAN.findall(unicodedata.normalize("NFKC", name)))
    parts = components(name.replace(".", " ").replace("’", "").replace("'", "").replace("·", " "))
    # A sign of doubling by itself is no name.
    return tuple(part for part in parts if any(char.isalpha() for char in part))


@lru_cache(maxsize=50_000)
def latin_forms(part: str) -> tuple[str, ...]:
    """Every Latin form of one part, the first choice first; at most `MOST_FORMS`. Empty when it has none."""
    script = script_of(part)
    if script == "han":
        return _readings(part)
    forms = _spelled(part)
    if script == "arabic" and part.startswith(_ARABIC_ARTICLE) and len(part) > 4:
        forms = (*forms, *_spelled(part[2:]))
    return tuple(dict.fromkeys(form for form in forms if form))[:MOST_FORMS]


@lru_cache(maxsize=50_000)
def forms_by_article(part: str) -> tuple[str, ...]:
    """Latin forms of how a part sounds with the Arabic article: NOUREDDINE of نورالدين, and ABD of ABDUL.

    They are no way to write it: as letters, ABD would be the beginning of every ABDELAZIZ.
    """
    servant = _SERVANT_OF_THE.fullmatch(part)
    if servant:
        return (servant[1],)
    said = _ARTICLE_SAID.sub(lambda article: article[0][:-1], part) if len(part) > 4 else part
    return _spelled(said) if said != part else ()


def _spelled(part: str) -> tuple[str, ...]:
    choices: list[tuple[str, ...]] = []
    for char in part:
        if char == _ARABIC_DOUBLING:
            choices += choices[-1:]
        else:
            plainer = (_PLAINER[char],) if char in _PLAINER else ()
            choices.append(tuple(dict.fromkeys((*alternatives(char), *plainer))))
    return tuple("".join(form) for form in combined(choices, MOST_FORMS))


def combined(choices: Iterable[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """All combinations, the first choices alone from the place on where they would become more than `most`."""
    total = 1
    narrowed = []
    for options in choices:
        kept = options if total * len(options) <= most else options[:1]
        total *= len(kept)
        narrowed.append(kept)
    return list(product(*narrowed))


def _readings(part: str) -> tuple[str, ...]:
    # Heavy to import, and most names have no Chinese character.
    from pypinyin import Style, pinyin

    written = "".join(char for char in part if _HAN.match(char))
    read = pinyin(written, style=Style.NORMAL, heteronym=True, v_to_u=False, errors="ignore")
    choices = [tuple(dict.fromkeys(each.upper().replace("V", "YU") for each in some[:3])) for some in read]
    return tuple("".join(form) for form in combined(choices, MOST_FORMS))
