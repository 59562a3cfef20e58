"""How a printed visa's machine-readable zone stands to its seal: the same rules as web/src/verify/seal/printed.ts.

Both are held to tests/data/seals/printed.json. Statuses as in ICAO Doc 9303-13's check of visa seals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ryoji.evidence.travel_document.check_digits import check_digit

FIELDS = ("issuing_state", "name", "number", "nationality", "birth_date", "sex", "valid_until")
Status = Literal["MATCH", "INVALID_VISA_MRZ", "SEAL_VISA_MISMATCH", "NOT_COMPARED"]
Outcome = Literal["agrees", "differs", "not_compared"]
_WIDTHS = (44, 36)
_CHECKED = ((0, 9), (13, 19), (21, 27))
_NAME_START = 5
_NUMBER_LENGTH = 9


@dataclass(frozen=True)
class PrintedField:
    """One field of the zone; `not_compared` where the seal does not say it."""

    field: str
    printed: str
    outcome: Outcome


@dataclass(frozen=True)
class Printed:
    """What is printed beside what is sealed. NOT_COMPARED: the seal is not true, so nothing may be held against it."""

    status: Status
    fields: tuple[PrintedField, ...] = ()


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a zone as somebody typed or pasted it; one run of characters is cut in the middle."""
    lines = tuple(line for line in text.splitlines() if line.strip())
    whole = _cleaned("".join(lines))
    if len(lines) != 2 and len(whole) in {2 * width for width in _WIDTHS}:
        return whole[: len(whole) // 2], whole[len(whole) // 2 :]
    return lines


def compare_printed(lines: Sequence[str], content: Mapping[str, Any], state: str | None) -> Printed:
    """Compare the two lines of an MRV-A or MRV-B (ICAO Doc 9303-7) with a seal's content; `state` is the seal's."""
    first, second, *_ = (*(_cleaned(line) for line in lines), "", "")
    if len(lines) > 2 or not _is_zone(first, second):
        return Printed("INVALID_VISA_MRZ")
    sealed = {name: str(value) for name, value in content.items() if value is not None}
    if state:
        sealed["issuing_state"] = state
    name, number = first[_NAME_START:], _bare(second[:_NUMBER_LENGTH])
    printed = {
        "issuing_state": _bare(first[2:5]),
        "name": _bare(name).replace("<", " "),
        "number": number,
        "nationality": _bare(second[10:13]),
        "birth_date": second[13:19],
        "sex": _bare(second[20:21]) or "X",
        "valid_until": second[21:27],
    }
    told = {
        **{field: printed[field] == sealed.get(field) for field in ("issuing_state", "nationality", "sex")},
        **{
            field: printed[field] == _six_digits(sealed.get(field, ""))
            for field in ("birth_date", "valid_until")
        },
        "name": _is_same_name(name, sealed.get("name", "")),
        "number": _is_same_number(number, sealed),
    }
    known = {**dict.fromkeys(sealed, True), "number": "number" in sealed or "passport_number" in sealed}
    fields = tuple(
        PrintedField(
            field,
            printed[field],
            "not_compared" if not known.get(field) else "agrees" if told[field] else "differs",
        )
        for field in FIELDS
    )
    matches = all(each.outcome == "agrees" for each in fields)
    return Printed("MATCH" if matches else "SEAL_VISA_MISMATCH", fields)


def _cleaned(line: str) -> str:
    return re.sub(r"\s", "", line).upper()


def _bare(text: str) -> str:
    return text.rstrip("<")


def _is_zone(first: str, second: str) -> bool:
    if len(first) != len(second) or len(first) not in _WIDTHS:
        return False
    if not re.fullmatch(r"V[A-Z0-9<]+", first) or not re.fullmatch(r"[A-Z0-9<]+", second):
        return False
    return all(check_digit(second[start:end]) == second[end] for start, end in _CHECKED)


def _is_same_number(printed: str, sealed: Mapping[str, str]) -> bool:
    """A visa's zone has the passport's number or the visa's own (Doc 9303-7), cut after nine characters."""
    return printed != "" and any(
        sealed.get(name, "").replace("-", "")[:_NUMBER_LENGTH] == printed
        for name in ("passport_number", "number")
    )


def _is_same_name(field: str, sealed: str) -> bool:
    whole = sealed.replace(" ", "<")
    if len(whole) <= len(field):
        return _bare(field) == whole
    # The zone had no room: what is printed must be how the seal's name begins, part by part.
    if field.endswith("<"):
        return False
    printed, known = (
        [identifier.split("<") for identifier in name.split("<<")] for name in (_bare(field), whole)
    )
    return len(printed) <= len(known) and all(
        _begins(parts, of) for parts, of in zip(printed, known, strict=False)
    )


def _begins(parts: list[str], of: list[str]) -> bool:
    return len(parts) <= len(of) and all(
        part != "" and whole.startswith(part) for part, whole in zip(parts, of, strict=False)
    )


def _six_digits(date: str) -> str:
    return date[2:].replace("-", "").replace("X", "<")
