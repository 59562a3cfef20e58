"""Latin letters for national characters (ICAO Doc 9303 part 3, section 6).

States choose between alternatives (Ä is AE or A), so a name never has one transliteration:
everything here answers with all of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

_SEPARATORS = re.compile(r"[\s\-‐‑–—ー・,<]+")
_ARABIC_DOUBLING = "ّ"


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = files(__package__).joinpath("transliteration.json").read_text("utf-8")
    return {char: tuple(latin) for char, latin in json.loads(text)["alternatives"].items()}


def alternatives(character: str) -> tuple[str, ...]:
    """Every Latin form of one upper-case character; `("",)` for what the zone drops (apostrophes, marks)."""
    if "A" <= character <= "Z":
        return (character,)
    listed = _table().get(character)
    if listed:
        return listed
    base = unicodedata.normalize("NFKD", character)[0].upper()
    return (base,) if "A" <= base <= "Z" else ("",)


def components(name: str) -> tuple[str, ...]:
    """The parts of a typed name in upper case, split where the zone puts a filler (blank, hyphen)."""
    # NFC after NFKC-like widening: full-width letters and combining accents must both find the table.
    plain = unicodedata.normalize("NFKC", name).replace("ß", "ẞ").upper()
    return tuple(part for part in _SEPARATORS.split(plain) if _is_written(part))


def matches(component: str, printed: str, *, as_prefix: bool = False) -> bool:
    """Whether some transliteration of `component` is `printed`, or begins with it when `as_prefix`."""
    rests = {printed}
    doubled: tuple[str, ...] = ("",)
    for character in component:
        forms = doubled if character == _ARABIC_DOUBLING else alternatives(character)
        doubled = forms
        if as_prefix and any(form.startswith(rest) for rest in rests for form in forms):
            return True
        rests = {rest[len(form) :] for rest in rests for form in forms if rest.startswith(form)}
        if not rests:
            return False
    return "" in rests


def latin(name: str) -> str:
    """The first-choice transliteration of a name as it would be printed, with `<` between components."""
    return "<".join("".join(alternatives(char)[0] for char in part) for part in components(name))


def _is_written(part: str) -> bool:
    return any(form for character in part for form in alternatives(character))
