"""Marks of a case that other cases may share: telephone, address, sponsor, travel document, pictures, and its person.

A mark is kept under a keyed hash of its normal form: nobody who reads the table learns a number or an address.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

MarkKind = Literal["phone", "address", "sponsor", "document", "picture", "file", "portrait", "page", "person"]
_WORD = re.compile(r"[a-z]+|\d+|[^\W\d_a-z]+")
# 1丁目2番3号 and 1-2-3 are the same place; so are 1-2-3 and １－２－３.
_JAPANESE_LOT = re.compile(r"丁目|番地|番|号")
_SHORTEST_PHONE = 6


@dataclass(frozen=True)
class Mark:
    """One mark in its normal form. `shape` is a picture's hash, for nearness; None for the rest."""

    kind: MarkKind
    value: str
    shape: int | None = None

    @property
    def message(self) -> bytes:
        """What the keyed hash is taken over."""
        return f"mark {self.kind} {self.value}".encode()


@dataclass(frozen=True)
class Sharing:
    """Another case with the same mark. `person` is the keyed hash of who it is about, where that is known.

    `reference` and `desk` are how officers know the case.
    """

    case_id: str
    person: str | None = None
    shape: int | None = None
    reference: str | None = None
    desk: str | None = None


class Marks(Protocol):
    """Where marks are kept. Both raise `Unavailable("storage_unavailable")`."""

    def sharing(self, mark: Mark, most: int) -> Sequence[Sharing]:
        """Cases that have this mark, at most so many: one query, which sees everything that was kept before it."""

    def keep(
        self,
        mark: Mark,
        case_id: str,
        person: str | None,
        reference: str | None = None,
        desk: str | None = None,
    ) -> None:
        """Keep a mark of a case; keeping it twice changes nothing."""


def phone_marks(number: str, region: str | None) -> tuple[Mark, ...]:
    """A telephone number in E.164; `region` (ISO 3166-1, two letters) is where its owner lives.

    Without a plus it may be national or have its country's code all the same: every reading that can be a number is
    a mark, and so are the digits, which somebody else may have written in another country.
    """
    written = unicodedata.normalize("NFKC", number).strip()
    digits = re.sub(r"\D", "", written)
    if len(digits) < _SHORTEST_PHONE:
        return ()
    if written.startswith("+"):
        told = _number(written, None)
        return (Mark("phone", told.e164 if told else digits),)
    both = (_number(written, region), _number(f"+{digits.removeprefix('00')}", None))
    readings = [reading for reading in both if reading]
    likely = [reading for reading in readings if reading.may_be_one] or readings[:1]
    return tuple(Mark("phone", each) for each in dict.fromkeys((*(one.e164 for one in likely), digits)))


@dataclass(frozen=True)
class _Number:
    e164: str
    may_be_one: bool


def _number(written: str, region: str | None) -> _Number | None:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return _Number(str(e164), bool(phonenumbers.is_valid_number(parsed)))


def address_mark(address: str) -> Mark | None:
    """An address as its words and numbers without order, width or punctuation."""
    folded = _JAPANESE_LOT.sub("-", unicodedata.normalize("NFKC", address).lower())
    words = sorted(_WORD.findall(folded))
    return Mark("address", " ".join(words)) if len(words) >= 2 else None


def document_mark(document: tuple[str, str] | None) -> Mark | None:
    """A travel document by issuing state and number."""
    return Mark("document", " ".join(document)) if document else None


def person_marks(keys: Iterable[str]) -> tuple[Mark, ...]:
    """The keys under which cases of a nearly same person are found (`ryoji.evidence.screening.keys`)."""
    return tuple(Mark("person", key) for key in sorted(keys))


def same_file_mark(kind: Literal["portrait", "page", "file"], picture: bytes) -> Mark:
    """A picture that was uploaded again as it was: portraits and passport pages are alike, so only the same one is."""
    return Mark(kind, hashlib.sha256(picture).hexdigest())


def sponsor_mark(name: str, address: str) -> Mark | None:
    """A sponsor by name and address; a name alone is shared by strangers."""
    words = sorted(_WORD.findall(unicodedata.normalize("NFKC", name).lower()))
    where = address_mark(address)
    return Mark("sponsor", f"{' '.join(words)} | {where.value}") if words and where else None
