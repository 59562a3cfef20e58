"""The types of which answers are made: folded texts, dates, codes, and the base of all sections."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, LiteralString

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from pydantic import ValidationInfo

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)

# NFKC would replace these by other characters; names in the family register are written with them.
_COMPATIBILITY_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def folded(text: str) -> str:
    """NFKC, except for compatibility ideographs; no control characters; single spaces; no space at either end."""
    parts = _COMPATIBILITY_IDEOGRAPHS.split(text)
    text = "".join(
        part if index % 2 else unicodedata.normalize("NFKC", part) for index, part in enumerate(parts)
    )
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text)).strip()


def _fold(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value


def capitals(value: Any) -> Any:
    """Folded, in capitals."""
    return folded(value).upper() if isinstance(value, str) else value


def _katakana(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in folded(value))


def absent(value: Any) -> Any:
    """An empty text in an optional field is no answer."""
    return None if value == "" else value


def _iso(value: Any) -> Any:
    """Dates come as YYYY-MM-DD; pydantic would also read numbers and times of day."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", folded(value)):
        return folded(value)
    if type(value) is date or value is None:
        return value
    raise PydanticCustomError("not_a_date", "not a date")


def _sane(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise PydanticCustomError("date_out_of_range", "date out of range")
    return value


def _not_future(value: date, info: ValidationInfo) -> date:
    today = (info.context or {}).get("today")
    if today is not None and value > today:
        raise PydanticCustomError("date_in_future", "date in future")
    return _sane(value)


# Doc 9303 part 3, section 4.8: what a passport does not say of a birth date is XX here, << in its zone.
_BIRTH = re.compile(r"([0-9]{4})-([0-9]{2}|XX)-([0-9]{2}|XX)")
_UNKNOWN_PART = re.compile(r"(?<=-)(?:00|<<|xx)(?=-|$)")


def _birth(value: Any) -> Any:
    """A birth date in its one form: unknown parts may also be written 00, as some passports print them, or <<."""
    if type(value) is date:
        return value.isoformat()
    text = _UNKNOWN_PART.sub("XX", folded(value)) if isinstance(value, str) else ""
    if value is None or _BIRTH.fullmatch(text):
        return text or None
    raise PydanticCustomError("not_a_date", "not a date")


def _possible_birth(value: str, info: ValidationInfo) -> str:
    if value[5:7] == "XX" and value[8:] != "XX":
        raise PydanticCustomError("not_a_date", "not a date")
    try:
        # An unknown part is judged as if it were the first, which is before every other.
        first = date.fromisoformat(value.replace("XX", "01"))
    except ValueError as error:
        raise PydanticCustomError("not_a_date", "not a date") from error
    _not_future(first, info)
    return value


def known_office(value: str, info: ValidationInfo) -> str:
    """Reject the code of an office that does not exist."""
    offices = (info.context or {}).get("offices")
    if offices is not None and value not in offices:
        raise PydanticCustomError("office_unknown", "office unknown")
    return value


def named(code: LiteralString, pattern: str) -> AfterValidator:
    """Reject what does not match, under a code of its own rather than the general one."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(code, "wrong form")
        return value

    return AfterValidator(check)


def asked(widget: str, **more: Any) -> dict[str, Any]:
    """How the browser asks for a field (`x-ryoji`)."""
    return {"x-ryoji": {"widget": widget, **more}}


ROMAN = r"^[A-Z][A-Z '\-]*$"
KATAKANA = r"^[ァ-ヶー・ ]+$"
PASSPORT_NUMBER = r"^[A-Z]{2}[0-9]{7}$"
PHONE = r"^\+?[0-9][0-9 ()\-]{5,24}$"
POSTAL_CODE = r"^[0-9A-Z][0-9A-Z \-]{1,9}$"
EMAIL = r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$"

Folded = BeforeValidator(_fold)
Name = Annotated[str, Folded, Field(min_length=1, max_length=60)]
Kana = Annotated[
    str,
    BeforeValidator(_katakana),
    Field(min_length=1, max_length=60, json_schema_extra={"pattern": KATAKANA}),
    named("not_katakana", KATAKANA),
]
Roman = Annotated[
    str,
    BeforeValidator(capitals),
    Field(min_length=1, max_length=39, json_schema_extra={"pattern": ROMAN}),
    named("not_roman", ROMAN),
]
Phone = Annotated[
    str,
    Folded,
    Field(min_length=6, max_length=25, json_schema_extra={"pattern": PHONE}),
    named("phone_form", PHONE),
]
Email = Annotated[
    str,
    Folded,
    Field(min_length=3, max_length=254, json_schema_extra={"format": "email"}),
    named("email_form", EMAIL),
]
PassportNumber = Annotated[
    str,
    BeforeValidator(capitals),
    Field(min_length=9, max_length=9, json_schema_extra={"pattern": PASSPORT_NUMBER}),
    named("passport_number_form", PASSPORT_NUMBER),
]
PastDate = Annotated[date, BeforeValidator(_iso), AfterValidator(_not_future)]
AnyDate = Annotated[date, BeforeValidator(_iso), AfterValidator(_sane)]
BirthDate = Annotated[
    str,
    BeforeValidator(_birth),
    Field(max_length=10, json_schema_extra={"pattern": f"^{_BIRTH.pattern}$"}),
    AfterValidator(_possible_birth),
]
YesNo = Literal["no", "yes"]
Relation = Literal["parent", "spouse", "child", "sibling", "relative", "friend", "employer", "other"]
# JIS X 0401; 99 is for a registered domicile that belongs to no prefecture of today.
Prefecture = Literal[
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
    "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47",
]  # fmt: skip


class Section(BaseModel):
    """The shape that all sections share: nothing unknown is accepted, and texts are bounded."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def needs(section: Section, field: str, code: LiteralString = "required") -> None:
    """Lay an error at a field that another answer makes necessary."""
    if not getattr(section, field):
        raise laid_at(field, code)


def laid_at(field: str, code: LiteralString) -> PydanticCustomError:
    """An error of a rule over several fields, laid at one of them."""
    return PydanticCustomError(code, "rule", {"field": field})
