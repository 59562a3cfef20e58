"""Our seal profiles as data (procedures/rules/seals.yaml): national ones, said to be so, and not ICAO's."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from ryoji.errors import Invalid
from ryoji.evidence.travel_document.names import print_name
from ryoji.issuance.issued import Issued, Kind

NAME_WIDTH = 39  # travel.md §2.2: name of at most 39 characters
_BIRTH_DATE = re.compile(r"([0-9]{4}|XXXX)-([0-9]{2}|XX)-([0-9]{2}|XX)")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Profile(_Frozen):
    """One kind of seal: its version, what it is for, and the document type that its signer's certificate must name."""

    version: int
    kind: Kind
    document_type: str = Field(pattern="^[A-Z0-9]{1,2}$")
    source: str
    mark: Literal["national"]


class Element(_Frozen):
    """One member of `msg`."""

    key: str
    of: str
    needed: bool


class AuthorityRules(_Frozen):
    """The ministry's CA; days."""

    common_name: str
    days: int
    renew_before_days: int


class SignerRules(_Frozen):
    """Signer certificates; days."""

    common_name: str
    key_days: int
    longest_permission_days: int
    renew_before_days: int


class CrlRules(_Frozen):
    """Revocation lists; days."""

    days: int
    renew_after_days: int


class CertificateRules(_Frozen):
    """Names and lifetimes of certificates."""

    authority: AuthorityRules
    signer: SignerRules
    crl: CrlRules
    source: str
    mark: str


class SealRules(_Frozen):
    """procedures/rules/seals.yaml."""

    state: str
    country: str
    days_of: str
    profiles: dict[str, Profile]
    elements: tuple[Element, ...]
    certificates: CertificateRules

    def type_of(self, kind: Kind) -> str:
        """The type string for what is issued."""
        return next(name for name, profile in self.profiles.items() if profile.kind == kind)


def message_of(issued: Issued, rules: SealRules) -> dict[str, Any]:
    """The `msg` of a seal. Raises `Invalid("seal_content")` for what no verifier would accept."""
    values: dict[str, Any] = {
        "number": issued.number,
        "name": sealed_name(issued.surname, issued.given_names),
        "passport_number": issued.passport_number,
        "birth_date": issued.birth_date,
        "nationality": issued.nationality,
        "sex": issued.sex,
        "place_of_issue": issued.place_of_issue,
        "valid_from": issued.valid_from.isoformat(),
        "valid_until": issued.valid_until.isoformat(),
        "stay_days": issued.stay_days,
        "entries": issued.entries or 0,  # 0: without limit, as in the visa profile 5D01
        "type": issued.type,
        "additional": issued.additional or None,
    }
    found = {element.key: values[element.of] for element in rules.elements}
    message = {key: value for key, value in found.items() if value is not None}
    if not has_profile(message, rules):
        raise Invalid("seal_content")
    return message


def sealed_name(surname: str, given_names: str) -> str:
    """The name in MRZ characters, two spaces between primary and secondary identifier, as in the Australian seals."""
    return print_name(surname, given_names, NAME_WIDTH).rstrip("<").replace("<", " ")


def has_profile(message: dict[str, Any], rules: SealRules) -> bool:
    """Whether a `msg` has the members of our profiles, each of its kind and size, and no other."""
    needed = {element.key for element in rules.elements if element.needed}
    by_key = {element.key: element.of for element in rules.elements}
    if not needed <= set(message) <= set(by_key):
        return False
    return all(_fits(by_key[key], value) for key, value in message.items()) and _in_order(message, rules)


def elements_of(message: dict[str, Any], rules: SealRules) -> dict[str, Any]:
    """The content of one of our seals by plain names."""
    by_key = {element.key: element.of for element in rules.elements}
    return {by_key[key]: value for key, value in message.items() if key in by_key}


def validity_on(
    message: dict[str, Any], rules: SealRules, now: datetime
) -> Literal["not_yet", "current", "past"]:
    """What the seal itself says of a moment; a revocation it cannot know."""
    content, today = elements_of(message, rules), now.astimezone(ZoneInfo(rules.days_of)).date().isoformat()
    if today < content["valid_from"]:
        return "not_yet"
    return "past" if today > content["valid_until"] else "current"


# Largest sizes: travel.md §2.3, counted in characters.
_TEXTS = {
    "number": r"[A-Z0-9-]{1,15}",
    "name": r"[A-Z ]{1,39}",
    "passport_number": r"[A-Z0-9]{1,12}",
    "nationality": r"[A-Z]{1,3}",
    "sex": r"[MFX]",
    "place_of_issue": r"[^\x00-\x1f]{1,15}",
    "type": r"[^\x00-\x1f]{1,48}",
    "additional": r"[^\x00-\x1f]{1,100}",
}


def _fits(element: str, value: Any) -> bool:
    if element in _TEXTS:
        return isinstance(value, str) and re.fullmatch(_TEXTS[element], value) is not None
    if element == "birth_date":
        return isinstance(value, str) and _BIRTH_DATE.fullmatch(value) is not None
    if element in ("valid_from", "valid_until"):
        return isinstance(value, str) and _is_day(value)
    return type(value) is int and 0 <= value <= (3660 if element == "stay_days" else 255)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _in_order(message: dict[str, Any], rules: SealRules) -> bool:
    content = elements_of(message, rules)
    return bool(content["valid_from"] <= content["valid_until"])
