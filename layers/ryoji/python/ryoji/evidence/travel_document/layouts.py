"""Where each field stands in each format (ICAO Doc 9303 parts 4, 5, 6 and 7). Positions count from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["TD1", "TD2", "TD3", "MRVA", "MRVB"]
Kind = Literal["code", "state", "name", "alnum", "free", "birth", "expiry", "sex", "digit", "optional_digit"]
FieldName = Literal[
    "document_code", "issuing_state", "name", "number", "nationality", "birth_date", "sex", "expiry_date",
    "optional", "optional_2",
]  # fmt: skip
CheckName = Literal["number", "birth_date", "expiry_date", "optional", "composite"]


@dataclass(frozen=True)
class Span:
    """A run of characters: line, first and last position, all counted from 1 and inclusive."""

    line: int
    first: int
    last: int

    def of(self, lines: tuple[str, ...]) -> str:
        """The characters of this run in the lines of one zone."""
        return lines[self.line - 1][self.first - 1 : self.last]


@dataclass(frozen=True)
class Field:
    """One field: its name, where it stands, and what kind of characters it may hold."""

    name: FieldName
    span: Span
    kind: Kind


@dataclass(frozen=True)
class CheckPlace:
    """One check digit: where it stands and over which runs it is computed, in order."""

    name: CheckName
    digit: Span
    over: tuple[Span, ...]
    filler_when_empty: bool = False


@dataclass(frozen=True)
class Layout:
    """One format of the zone. `initials` are the letters that the document code may begin with."""

    format: Format
    lines: int
    length: int
    initials: str
    fields: tuple[Field, ...]
    checks: tuple[CheckPlace, ...]
    long_number: bool
    """Whether a long document number may run over into the first optional field (parts 5 and 6)."""

    def field(self, name: FieldName) -> Field:
        """The field of that name; StopIteration when the format has none."""
        return next(field for field in self.fields if field.name == name)

    def has(self, name: FieldName) -> bool:
        """Whether the format has a field of that name."""
        return any(field.name == name for field in self.fields)


def _two_line_fields(length: int, optional_last: int, optional_kind: Kind = "alnum") -> tuple[Field, ...]:
    """TD2, TD3 and visas share their first 28 positions of line 2; they differ in width and in what follows.

    A visa's optional data has no check digit: it is `free`, and stands as it was read.
    """
    return (
        Field("document_code", Span(1, 1, 2), "code"),
        Field("issuing_state", Span(1, 3, 5), "state"),
        Field("name", Span(1, 6, length), "name"),
        Field("number", Span(2, 1, 9), "alnum"),
        Field("nationality", Span(2, 11, 13), "state"),
        Field("birth_date", Span(2, 14, 19), "birth"),
        Field("sex", Span(2, 21, 21), "sex"),
        Field("expiry_date", Span(2, 22, 27), "expiry"),
        Field("optional", Span(2, 29, optional_last), optional_kind),
    )


_TWO_LINE_CHECKS = (
    CheckPlace("number", Span(2, 10, 10), (Span(2, 1, 9),)),
    CheckPlace("birth_date", Span(2, 20, 20), (Span(2, 14, 19),)),
    CheckPlace("expiry_date", Span(2, 28, 28), (Span(2, 22, 27),)),
)

TD3 = Layout(
    "TD3", 2, 44, "P", _two_line_fields(44, 42),
    (
        *_TWO_LINE_CHECKS,
        CheckPlace("optional", Span(2, 43, 43), (Span(2, 29, 42),), filler_when_empty=True),
        CheckPlace("composite", Span(2, 44, 44), (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, 43))),
    ),
    long_number=False,
)  # fmt: skip

TD2 = Layout(
    "TD2", 2, 36, "ACI", _two_line_fields(36, 35),
    (
        *_TWO_LINE_CHECKS,
        CheckPlace("composite", Span(2, 36, 36), (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, 35))),
    ),
    long_number=True,
)  # fmt: skip

TD1 = Layout(
    "TD1", 3, 30, "ACI",
    (
        Field("document_code", Span(1, 1, 2), "code"),
        Field("issuing_state", Span(1, 3, 5), "state"),
        Field("number", Span(1, 6, 14), "alnum"),
        Field("optional", Span(1, 16, 30), "alnum"),
        Field("birth_date", Span(2, 1, 6), "birth"),
        Field("sex", Span(2, 8, 8), "sex"),
        Field("expiry_date", Span(2, 9, 14), "expiry"),
        Field("nationality", Span(2, 16, 18), "state"),
        Field("optional_2", Span(2, 19, 29), "alnum"),
        Field("name", Span(3, 1, 30), "name"),
    ),
    (
        CheckPlace("number", Span(1, 15, 15), (Span(1, 6, 14),)),
        CheckPlace("birth_date", Span(2, 7, 7), (Span(2, 1, 6),)),
        CheckPlace("expiry_date", Span(2, 15, 15), (Span(2, 9, 14),)),
        CheckPlace(
            "composite", Span(2, 30, 30), (Span(1, 6, 30), Span(2, 1, 7), Span(2, 9, 15), Span(2, 19, 29))
        ),
    ),
    long_number=True,
)  # fmt: skip

MRVA = Layout("MRVA", 2, 44, "V", _two_line_fields(44, 44, "free"), _TWO_LINE_CHECKS, long_number=False)
MRVB = Layout("MRVB", 2, 36, "V", _two_line_fields(36, 36, "free"), _TWO_LINE_CHECKS, long_number=False)

LAYOUTS: dict[Format, Layout] = {layout.format: layout for layout in (TD3, TD2, TD1, MRVA, MRVB)}


def kinds_of(layout: Layout, line: int) -> tuple[Kind, ...]:
    """The kind of every position of one line (counted from 1), check digits included."""
    kinds: dict[int, Kind] = {}
    for field in layout.fields:
        if field.span.line == line:
            kinds |= dict.fromkeys(range(field.span.first, field.span.last + 1), field.kind)
    for check in layout.checks:
        if check.digit.line == line:
            loose = check.filler_when_empty or (check.name == "number" and layout.long_number)
            kinds[check.digit.first] = "optional_digit" if loose else "digit"
    return tuple(kinds[position] for position in range(1, layout.length + 1))
