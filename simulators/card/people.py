"""The sandbox's people, as data: `people.yaml`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

CertificateState = Literal["good", "expired", "revoked", "unknown", "none"]

_STRICT = ConfigDict(frozen=True, extra="forbid")


class RomanName(BaseModel):
    """The name in the passport, Hepburn capitals."""

    model_config = _STRICT

    surname: str = Field(pattern=r"^[A-Z ]+$")
    given_names: str = Field(pattern=r"^[A-Z ]+$")


class Passport(BaseModel):
    """The passport that the person holds now."""

    model_config = _STRICT

    number: str = Field(pattern=r"^[A-Z]{2}[0-9]{7}$")
    issued: date
    expires: date


class Note(BaseModel):
    """What this person is good for, in each language of the page."""

    model_config = _STRICT

    ja: str
    en: str


class Person(BaseModel):
    """One person with a card. `pin` is the signature PIN, 6 to 16 letters and digits."""

    model_config = _STRICT

    id: str = Field(pattern=r"^[a-z-]+$")
    name: str
    kana: str
    roman: RomanName
    birth_date: date
    sex: Literal["M", "F"]
    address: str
    address_abroad: bool = False
    prefecture: str
    municipality: str
    honseki: str
    passport: Passport
    pin: str = Field(pattern=r"^[A-Z0-9]{6,16}$")
    certificate: CertificateState
    legal_representative: str | None = None
    note: Note


@cache
def load_people() -> tuple[Person, ...]:
    """All of them, in the order of the file."""
    raw = yaml.safe_load(Path(__file__).with_name("people.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Person, ...]).validate_python(raw)
