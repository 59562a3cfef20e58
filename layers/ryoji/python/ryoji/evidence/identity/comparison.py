"""Whether the card's holder is the person that the form names: the four attributes, one by one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ryoji.evidence.finding import Outcome, Reason
from ryoji.evidence.identity.certificate import BirthDate, CardAttributes, Sex

Likeness = Literal["same", "variant", "substituted", "different", "not_compared"]
Role = Literal["self", "legal_representative"]

# The name, birth date and sex on the form can be mended by who signs; an address is an officer's to judge.
_GRAVITY: dict[str, Outcome] = {"name": "fail", "birth_date": "fail", "sex": "fail", "address": "review"}
# The same differences of a representative are told in words of their own: "the name" would be the child's.
_PREFIX: dict[Role, str] = {"self": "", "legal_representative": "representative_"}

_PREFECTURES = re.compile(r"^(北海道|東京都|京都府|大阪府|.{2,3}県)")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_DASHES = re.compile("[-‐‑‒–—―−ーｰ─]")
_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")


@dataclass(frozen=True)
class ExpectedPerson:
    """Who ought to have signed, as the form has them: the applicant, or below the age to file alone their legal
    representative. `pointers` says where in the form each attribute stands, so that the finding can point there.
    None means that the form does not ask.
    """

    name: str
    birth_date: date | None
    sex: Sex | None = None
    address: str | None = None
    role: Role = "self"
    pointers: Mapping[str, str] = field(default_factory=dict)


def compare(card: CardAttributes, expected: ExpectedPerson) -> dict[str, Likeness]:
    """How each attribute of the card stands to the form."""
    return {
        "name": _compare_names(card, expected.name),
        "birth_date": _compare_birth_dates(card.birth_date, expected.birth_date),
        "sex": _compare_sexes(card.sex, expected.sex),
        "address": _compare_addresses(card.address, expected.address),
    }


def reasons_for(likeness: Mapping[str, Likeness], expected: ExpectedPerson) -> tuple[Reason, ...]:
    """`<attribute>_differs` for each one that does; `wrong_person` first if name and birth date both do.

    Codes begin with `representative_` where a legal representative ought to have signed. The values themselves
    stay out of the reasons: they are in the finding's facts, once.
    """
    prefix = _PREFIX[expected.role]
    reasons = [
        Reason(
            code=f"{prefix}{attribute}_differs",
            outcome=_GRAVITY[attribute],
            pointer=expected.pointers.get(attribute),
        )
        for attribute, how in likeness.items()
        if how == "different"
    ]
    if likeness["name"] == "substituted":
        reasons.append(
            Reason(code="name_substituted", outcome="review", pointer=expected.pointers.get("name"))
        )
    if likeness["name"] == likeness["birth_date"] == "different":
        reasons.insert(0, Reason(code=f"{prefix}wrong_person", outcome="fail"))
    return tuple(reasons)


def whole_name(answers: Mapping[str, Any]) -> str:
    """Family and given name of a section of the form as the card writes them: one text."""
    return f"{answers.get('family_name', '')} {answers.get('given_name', '')}".strip()


def _compare_names(card: CardAttributes, typed: str) -> Likeness:
    ours, theirs = _plain(card.name), _plain(typed)
    if ours == theirs:
        return "same"
    if _folded(ours) == _folded(theirs):
        return "variant"
    return "substituted" if _differ_only_where_substituted(card, theirs) else "different"


def _differ_only_where_substituted(card: CardAttributes, theirs: str) -> bool:
    """The card could not show some characters: where it says so, and only there, the form may have others."""
    characters = [(c, d) for c, d in zip(card.name, card.name_substitutes, strict=False) if not c.isspace()]
    if len(card.name_substitutes) != len(card.name) or len(characters) != len(theirs):
        return False
    return all(d == "1" or _folded(c) == _folded(t) for (c, d), t in zip(characters, theirs, strict=True))


def _compare_birth_dates(card: BirthDate, typed: date | None) -> Likeness:
    if typed is None:
        return "not_compared"
    parts = ((card.year, typed.year), (card.month, typed.month), (card.day, typed.day))
    return "same" if all(known in (None, wanted) for known, wanted in parts) else "different"


def _compare_sexes(card: Sex, typed: Sex | None) -> Likeness:
    if typed is None or card == "X":
        return "not_compared"
    return "same" if card == typed else "different"


def _compare_addresses(card: str, typed: str | None) -> Likeness:
    """An address abroad has no known form on the card (japan.md §2.4), so its difference from the form says nothing."""
    if typed is None or not card.strip():
        return "not_compared"
    ours, theirs = _plain_address(card), _plain_address(typed)
    if ours == theirs:
        return "same"
    if _folded(ours) == _folded(theirs):
        return "variant"
    return "different" if _PREFECTURES.match(card.strip()) else "not_compared"


def _plain(text: str) -> str:
    """NFKC, without spaces, marks of variation or case; 々 written out."""
    text = _VARIATION_SELECTORS.sub("", unicodedata.normalize("NFKC", text))
    text = re.sub(r"[\s・]", "", text).casefold()
    return re.sub(r"(.)々", r"\1\1", text)


def _plain_address(text: str) -> str:
    """十丁目 → 10-, 3番地の5 → 3-5, a building's spaces gone: what people and registers write differently."""
    text = _plain(text).translate(str.maketrans("ヶケガ", "ががが")).replace("大字", "").replace("字", "")
    text = re.sub("[〇一二三四五六七八九十]+(?=丁目|番|号)", lambda match: _number(match.group()), text)
    text = re.sub(r"(丁目|番地の|番地|番|号室|号の|号)", "-", text)
    text = re.sub(r"(?<=\d)の(?=\d)", "-", text)
    text = re.sub(r"(?<=\d)" + _DASHES.pattern + "+", "-", text)
    return re.sub(r"-+(?=\D|$)", "", text)


def _number(kanji: str) -> str:
    """Kanji numerals up to 99, as they stand before 丁目."""
    if "十" not in kanji:
        return kanji.translate(_DIGITS)
    tens, _, units = kanji.partition("十")
    return (tens.translate(_DIGITS) or "1") + (units.translate(_DIGITS) or "0")


def _folded(text: str) -> str:
    return text.translate(_variants())


@cache
def _variants() -> dict[int, str]:
    lines = Path(__file__).with_name("variants.txt").read_text(encoding="utf-8").splitlines()
    families = (line.split() for line in lines if line and not line.startswith("#"))
    return {ord(other): family[0] for family in families for other in family[1:]}
