"""The finding on a travel document: what its zone says, against today, what was typed, and the lists.

Codes only; the words for people are in `procedures/messages/parts/travel_document.*.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ryoji.catalogue.states import state_of
from ryoji.evidence.finding import Finding, Outcome, Reason, gravest
from ryoji.evidence.travel_document.check_digits import are_blind
from ryoji.evidence.travel_document.layouts import Format
from ryoji.evidence.travel_document.names import Likeness, PrintedName, likeness
from ryoji.evidence.travel_document.reader import Reading

CHECK = "travel_document"

PASSPORTS: tuple[Format, ...] = ("TD3",)

LostOrStolen = Callable[[str, str], bool | None]
"""Asks the list by issuing state and number: True, False, or None when the list could not be asked."""


class TypedPassport(BaseModel):
    """What the applicant typed about the document; what was not asked is None. Dates are ISO, sex as it is printed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    surname: str | None = None
    given_names: str | None = None
    number: str | None = None
    birth_date: str | None = None
    expiry_date: str | None = None
    nationality: str | None = None
    sex: Literal["F", "M", "X"] | None = None


def check_travel_document(
    reading: Reading,
    typed: TypedPassport | None,
    today: date,
    lost_or_stolen: LostOrStolen | None = None,
    *,
    expected_issuer: str | None = None,
    formats: tuple[Format, ...] = PASSPORTS,
) -> Finding:
    """Judge a reading. `expected_issuer`: the only state whose documents do; `formats`: the kinds of document that do.

    Reasons are codes `no_mrz`, `two_documents`, `ambiguous`, `check_digit_wrong`, `corrected`, `other_document`,
    `not_japanese_passport`, `other_issuer`, `expired`, `name_differs`, `number_differs`, `birth_date_differs`,
    `expiry_differs`, `nationality_differs`, `sex_differs`, `somebody_else`, `lost_or_stolen`,
    `lost_or_stolen_unavailable`.
    """
    if reading.format is None:
        return _finding(reading, (Reason(code="no_mrz", outcome="fail"),))
    if reading.ambiguity == "two_documents":
        return _finding(reading, (Reason(code="two_documents", outcome="fail"),))
    reasons = (
        *_about_reading(reading, typed),
        *_about_kind(reading, expected_issuer, formats),
        *_about_expiry(reading, today),
        *(_about_typed(reading, typed) if typed else ()),
        *(_about_lists(reading, lost_or_stolen) if lost_or_stolen else ()),
    )
    return _finding(reading, reasons)


def _finding(reading: Reading, reasons: tuple[Reason, ...]) -> Finding:
    facts = reading.model_dump(
        mode="json",
        include={
            "format",
            "valid",
            "lines",
            "raw_lines",
            "fields",
            "corrections",
            "checks",
            "blind",
            "seen_on_page",
            "confidence",
        },
    )
    return Finding(check=CHECK, outcome=gravest(reasons), reasons=reasons, facts=facts)


def _about_reading(reading: Reading, typed: TypedPassport | None) -> Iterator[Reason]:
    if reading.ambiguous:
        yield Reason(code="ambiguous", outcome="review")
    elif not reading.valid:
        wrong = ", ".join(check.name for check in reading.checks if not check.ok)
        yield Reason(code="check_digit_wrong", outcome="review", measured=wrong or None)
    guessed = [edit for edit in reading.corrections if edit.because in ("check_digit", "noise")]
    if guessed:
        # What the applicant typed is a witness of its own; without it, a person looks at every guess.
        outcome: Outcome = "pass" if _is_witnessed(reading, typed) else "review"
        measured = ", ".join(f"{edit.line}:{edit.position} {edit.read}→{edit.corrected}" for edit in guessed)
        yield Reason(code="corrected", outcome=outcome, measured=measured)


def _is_witnessed(reading: Reading, typed: TypedPassport | None) -> bool:
    if typed is None or typed.number is None or typed.birth_date is None or typed.expiry_date is None:
        return False
    fields = reading.fields
    return (
        _plain(typed.number) == fields.number
        and _agrees(typed.birth_date, fields.birth_date)
        and _agrees(typed.expiry_date, fields.expiry_date)
    )


def _about_kind(
    reading: Reading, expected_issuer: str | None, formats: tuple[Format, ...]
) -> Iterator[Reason]:
    if reading.format not in formats:
        yield Reason(
            code="other_document", outcome="fail", measured=reading.format, required=", ".join(formats)
        )
    issuer = reading.fields.issuing_state
    if expected_issuer and state_of(issuer) != state_of(expected_issuer):
        code = "not_japanese_passport" if expected_issuer == "JPN" else "other_issuer"
        yield Reason(code=code, outcome="fail", measured=issuer, required=expected_issuer)


def _about_expiry(reading: Reading, today: date) -> Iterator[Reason]:
    expiry = reading.fields.expiry_date
    if "X" not in expiry and expiry < today.isoformat():
        yield Reason(
            code="expired",
            outcome="fail" if reading.valid else "review",
            measured=expiry,
            required=today.isoformat(),
        )


def _about_typed(reading: Reading, typed: TypedPassport) -> Iterator[Reason]:
    fields = reading.fields
    name = _about_name(reading, typed)
    birth = typed.birth_date is not None and not _agrees(typed.birth_date, fields.birth_date)
    if name == "different" and birth:
        yield Reason(code="somebody_else", outcome="fail" if reading.valid else "review")
    if name in ("different", "reordered"):
        yield Reason(
            code="name_differs",
            outcome="review",
            measured=f"{fields.surname}, {fields.given_names}",
            required=f"{typed.surname}, {typed.given_names or ''}",
            pointer="/surname",
        )
    if typed.number is not None and _plain(typed.number) != fields.number:
        yield _differs(
            reading, "number", typed.number, fields.number, _gravity_of_number(reading, typed.number)
        )
    if birth:
        yield _differs(reading, "birth_date", typed.birth_date, fields.birth_date, "fail")
    if typed.expiry_date is not None and not _agrees(typed.expiry_date, fields.expiry_date):
        yield _differs(reading, "expiry", typed.expiry_date, fields.expiry_date, "fail", "/expiry_date")
    # A form has DEU where Germany's passports print D.
    if typed.nationality is not None and state_of(typed.nationality) != state_of(fields.nationality):
        yield _differs(reading, "nationality", typed.nationality, fields.nationality, "review")
    if typed.sex is not None and typed.sex != fields.sex:
        yield _differs(reading, "sex", typed.sex, fields.sex, "review")


def _about_name(reading: Reading, typed: TypedPassport) -> Likeness:
    if typed.surname is None:
        return "same"
    fields = reading.fields
    printed = PrintedName(
        tuple(fields.surname.split()), tuple(fields.given_names.split()), fields.name_truncated
    )
    return likeness(typed.surname, typed.given_names or "", printed)


def _differs(
    reading: Reading, what: str, typed: str | None, printed: str, outcome: Outcome, pointer: str | None = None
) -> Reason:
    """Against an uncertain or mended reading the applicant is not told that they are wrong: a person looks."""
    return Reason(
        code=f"{what}_differs",
        outcome=outcome if reading.valid and not _is_guessed(reading) else "review",
        measured=printed,
        required=typed,
        pointer=pointer or f"/{what}",
    )


def _gravity_of_number(reading: Reading, typed: str) -> Outcome:
    """Differences that no check digit sees may be the recogniser's own: those a person compares."""
    plain, printed = _plain(typed), reading.fields.number
    if len(plain) != len(printed):
        return "fail"
    pairs = [(one, other) for one, other in zip(plain, printed, strict=True) if one != other]
    blind = all(one.isascii() and other.isascii() and are_blind(one, other) for one, other in pairs)
    return "review" if blind else "fail"


def _is_guessed(reading: Reading) -> bool:
    return any(edit.because == "check_digit" for edit in reading.corrections)


def _about_lists(reading: Reading, lost_or_stolen: LostOrStolen) -> Iterator[Reason]:
    listed = lost_or_stolen(reading.fields.issuing_state, reading.fields.number)
    if listed is None:
        yield Reason(code="lost_or_stolen_unavailable", outcome="unavailable")
    elif listed:
        yield Reason(code="lost_or_stolen", outcome="fail" if reading.valid else "review")


def _plain(number: str) -> str:
    """A typed number as the zone has it: capitals and digits only."""
    return "".join(char for char in number.upper() if char.isascii() and char.isalnum())


def _agrees(typed: str, printed: str) -> bool:
    """Whether two ISO dates agree in every part that the zone knows."""
    return len(typed) == len(printed) and all(
        mark in ("X", char) for char, mark in zip(typed, printed, strict=True)
    )
