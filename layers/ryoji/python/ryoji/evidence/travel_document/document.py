"""What a machine-readable zone says: its fields and its check digits (ICAO Doc 9303 parts 3 to 7)."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ryoji.errors import Invalid
from ryoji.evidence.travel_document import dates
from ryoji.evidence.travel_document.check_digits import ALPHABET, FILLER, check_digit, is_good
from ryoji.evidence.travel_document.layouts import (
    LAYOUTS,
    CheckName,
    CheckPlace,
    FieldName,
    Format,
    Layout,
    Span,
)
from ryoji.evidence.travel_document.names import print_name, read_name

Lines = tuple[str, ...]

_LONG_NUMBER = re.compile(r"([A-Z0-9]+)([0-9])<*")
_SHORT_NUMBER = 9


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MrzFields(_Frozen):
    """The fields of one zone. Dates are ISO with `XX` for unknown parts; fillers are gone; sex `<` is `X`."""

    document_code: str = ""
    issuing_state: str = ""
    surname: str = ""
    given_names: str = ""
    name_truncated: bool = False
    number: str = ""
    nationality: str = ""
    birth_date: str = ""
    sex: Literal["M", "F", "X"] = "X"
    expiry_date: str = ""
    optional: str = ""
    optional_2: str = ""


class Check(_Frozen):
    """One check digit of the zone and whether it is right."""

    name: CheckName
    ok: bool


class Correction(_Frozen):
    """One edit of what was read. `position` counts from 1 in the corrected line; `read` is empty for an insertion."""

    line: int
    position: int
    read: str
    corrected: str
    because: Literal["type", "check_digit", "filler", "noise", "state"]


class Zone(_Frozen):
    """An exact zone: right line lengths and alphabet, nothing corrected."""

    format: Format
    lines: Lines
    fields: MrzFields
    checks: tuple[Check, ...]

    @property
    def valid(self) -> bool:
        """Whether every check digit is right and both dates can be dates."""
        return all(check.ok for check in self.checks) and has_possible_dates(LAYOUTS[self.format], self.lines)


def parse_mrz(text: str, today: date) -> Zone:
    """Read an exact zone, one line of text a line. Raises Invalid(`mrz_format`) when no format has that shape."""
    lines = tuple(line.strip() for line in text.strip().splitlines())
    layout = layout_of(lines)
    if layout is None:
        raise Invalid("mrz_format")
    return read_zone(layout, lines, today)


def layout_of(lines: Lines) -> Layout | None:
    """The format that exact lines have, by their number, length, alphabet and first letter."""
    if not all(char in ALPHABET for line in lines for char in line):
        return None
    shape = (len(lines), {len(line) for line in lines})
    fitting = (one for one in LAYOUTS.values() if shape == (one.lines, {one.length}))
    return next((layout for layout in fitting if lines[0][0] in layout.initials), None)


def read_zone(layout: Layout, lines: Lines, today: date) -> Zone:
    """The fields and check digits of lines that have the lengths of `layout`."""
    return Zone(
        format=layout.format,
        lines=lines,
        fields=read_fields(layout, lines, today),
        checks=checks(layout, lines),
    )


def read_fields(layout: Layout, lines: Lines, today: date) -> MrzFields:
    """Take the fields out of the lines; `today` decides the centuries."""
    name = read_name(_text(layout, "name", lines))
    number, optional = number_and_optional(layout, lines)
    sex = _text(layout, "sex", lines)
    return MrzFields(
        document_code=_text(layout, "document_code", lines).rstrip(FILLER),
        issuing_state=_text(layout, "issuing_state", lines).rstrip(FILLER),
        surname=" ".join(name.surname),
        given_names=" ".join(name.given_names),
        name_truncated=name.possibly_truncated,
        number=number,
        nationality=_text(layout, "nationality", lines).rstrip(FILLER),
        birth_date=dates.birth_date(_text(layout, "birth_date", lines), today),
        sex="M" if sex == "M" else "F" if sex == "F" else "X",
        expiry_date=dates.expiry_date(_text(layout, "expiry_date", lines), today),
        optional=optional,
        optional_2=_text(layout, "optional_2", lines).rstrip(FILLER) if layout.has("optional_2") else "",
    )


def checks(layout: Layout, lines: Lines) -> tuple[Check, ...]:
    """Every check digit of the format and whether it is right."""
    return tuple(Check(name=place.name, ok=_is_right(layout, place, lines)) for place in layout.checks)


def is_number_right(layout: Layout, lines: Lines) -> bool:
    """Whether the number's check digit is right, long numbers included; other lines need not be there yet."""
    return _is_right(layout, next(place for place in layout.checks if place.name == "number"), lines)


def has_possible_dates(layout: Layout, lines: Lines) -> bool:
    """Whether birth and expiry dates are dates of the calendar; check digits do not see a 31 February."""
    birth, expiry = _text(layout, "birth_date", lines), _text(layout, "expiry_date", lines)
    return dates.is_possible(birth, unknown_parts=True) and dates.is_possible(
        expiry, unknown_parts=expiry.startswith(FILLER)
    )


def number_and_optional(layout: Layout, lines: Lines) -> tuple[str, str]:
    """The document number, with its overflow when it is long (parts 5 and 6), and what is left of the optional data."""
    optional = _text(layout, "optional", lines)
    number = _text(layout, "number", lines)
    overflow = _overflow(layout, lines)
    if overflow:
        return number + overflow.group(1), optional[overflow.end() :].rstrip(FILLER)
    return number.rstrip(FILLER), optional.rstrip(FILLER)


def format_mrz(fields: MrzFields, format: Format, *, empty_optional_digit: str = FILLER) -> Lines:
    """Print fields as the lines of a zone, check digits computed. Raises Invalid(`mrz_too_long`) on overflow.

    `empty_optional_digit` is what stands at position 43 of a TD3 without optional data: `<` or `0`.
    """
    layout = LAYOUTS[format]
    lines = [[FILLER] * layout.length for _ in range(layout.lines)]
    for field in layout.fields:
        _put(lines, field.span, _printed(layout, field.name, fields))
    for place in layout.checks:
        _put(lines, place.digit, _digit_for(place, fields, _joined(lines), empty_optional_digit))
    return _joined(lines)


def _text(layout: Layout, name: FieldName, lines: Lines) -> str:
    return layout.field(name).span.of(lines)


def _joined(lines: list[list[str]]) -> Lines:
    return tuple("".join(line) for line in lines)


def _overflow(layout: Layout, lines: Lines) -> re.Match[str] | None:
    """The tail of a long number: only where the check digit's own place is a filler and the nine places are full."""
    number_check = next(place for place in layout.checks if place.name == "number")
    number = _text(layout, "number", lines)
    if not layout.long_number or number_check.digit.of(lines) != FILLER or FILLER in number:
        return None
    return _LONG_NUMBER.match(_text(layout, "optional", lines))


def _is_right(layout: Layout, place: CheckPlace, lines: Lines) -> bool:
    over = "".join(span.of(lines) for span in place.over)
    if place.name == "number":
        overflow = _overflow(layout, lines)
        if overflow:
            return is_good(over + overflow.group(1), overflow.group(2))
    return is_good(over, place.digit.of(lines), filler_when_empty=place.filler_when_empty)


def _digit_for(place: CheckPlace, fields: MrzFields, lines: Lines, empty: str) -> str:
    if place.name == "number" and len(fields.number) > _SHORT_NUMBER:
        return FILLER
    over = "".join(span.of(lines) for span in place.over)
    if place.filler_when_empty and not over.strip(FILLER):
        return empty
    return check_digit(over)


def _printed(layout: Layout, name: FieldName, fields: MrzFields) -> str:
    span = layout.field(name).span
    if name == "name":
        return print_name(fields.surname, fields.given_names, span.last - span.first + 1)
    if name == "number":
        return fields.number[:_SHORT_NUMBER] if layout.long_number else fields.number
    if name == "optional":
        return _printed_optional(fields)
    if name in ("birth_date", "expiry_date"):
        return dates.printed_date(fields.birth_date if name == "birth_date" else fields.expiry_date)
    if name == "sex":
        return FILLER if fields.sex == "X" else fields.sex
    return str(getattr(fields, name))


def _printed_optional(fields: MrzFields) -> str:
    if len(fields.number) <= _SHORT_NUMBER:
        return fields.optional
    tail = fields.number[_SHORT_NUMBER:] + check_digit(fields.number)
    return tail + FILLER + fields.optional if fields.optional else tail


def _put(lines: list[list[str]], span: Span, text: str) -> None:
    room = span.last - span.first + 1
    if len(text) > room:
        raise Invalid("mrz_too_long")
    lines[span.line - 1][span.first - 1 : span.last] = text.ljust(room, FILLER)
