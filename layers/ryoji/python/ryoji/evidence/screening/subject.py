"""Who is screened: what the sections of a case say, as far as they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ryoji.catalogue.states import STATES
from ryoji.evidence.screening.dates import is_partial_date
from ryoji.evidence.screening.keys import keys_of_earlier
from ryoji.evidence.screening.marks import (
    Mark,
    address_mark,
    document_mark,
    person_marks,
    phone_marks,
    sponsor_mark,
)
from ryoji.evidence.screening.names import Name, name_of


@dataclass(frozen=True)
class Subject:
    """A person as the application tells of them. Dates ISO with `XX`, codes as Doc 9303 has them."""

    names: tuple[Name, ...] = ()
    birth_date: str | None = None
    nationality: str | None = None
    sex: str | None = None
    document: tuple[str, str] | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def found_by(self) -> tuple[Mark, ...]:
        """Under what cases of nearly the same person are found; nothing without a birth date known at least in part."""
        born = self.birth_date
        return person_marks(
            {key for name in self.names for key in keys_of_earlier(name, born)} if born else ()
        )

    @property
    def is_told(self) -> bool:
        """Whether there is anything to ask lists about."""
        return bool(self.names or self.document)


def subject_of(sections: Mapping[str, Mapping[str, Any]]) -> Subject:
    """The subject from `traveller`, `travel_document` and `host`; what is missing or has no form is left out."""
    traveller, document, host = (
        sections.get(name) or {} for name in ("traveller", "travel_document", "host")
    )
    birth = _text(traveller, "birth_date").replace("<", "X").replace("?", "X").upper()
    return Subject(
        names=_names(traveller),
        birth_date=birth if is_partial_date(birth) else None,
        nationality=_text(traveller, "nationality").upper() or None,
        sex=_SEX.get(_text(traveller, "sex").lower()),
        document=_document(document),
        marks=_marks(traveller, host, _document(document)),
    )


_SEX = {"f": "F", "female": "F", "m": "M", "male": "M", "x": "X"}


def _text(section: Mapping[str, Any], field: str) -> str:
    value = section.get(field)
    return str(value).strip() if value is not None else ""


def _names(traveller: Mapping[str, Any]) -> tuple[Name, ...]:
    latin = name_of(_text(traveller, "surname"), _text(traveller, "given_names"))
    native = name_of(_text(traveller, "native_name"))
    return tuple(dict.fromkeys(name for name in (latin, native) if name.parts))


def _document(document: Mapping[str, Any]) -> tuple[str, str] | None:
    number = "".join(char for char in _text(document, "number").upper() if char.isalnum())
    return (_text(document, "issuing_state").upper(), number) if number else None


def _marks(
    traveller: Mapping[str, Any], host: Mapping[str, Any], document: tuple[str, str] | None
) -> tuple[Mark, ...]:
    region = STATES.get(_text(traveller, "country_of_residence").upper())
    found = (
        *phone_marks(_text(traveller, "phone"), region),
        *phone_marks(_text(host, "phone"), "JP"),
        address_mark(_text(traveller, "address")),
        sponsor_mark(_text(host, "name"), _text(host, "address")),
        document_mark(document),
    )
    return tuple(dict.fromkeys(mark for mark in found if mark))
