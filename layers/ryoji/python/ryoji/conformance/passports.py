"""The sandbox's passports: what is asked about each, what is answered, and the permission that stands behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Passport:
    """`asked` is the passenger as the JSON inquiry takes it; `permission` what the register holds, or None.

    A permission in the status `unreadable` is an entry that the register itself cannot read.
    """

    what: str
    asked: dict[str, str]
    answer: str
    permission: dict[str, Any] | None


@cache
def passports() -> tuple[Passport, ...]:
    """All that are answered the same every time, in the order of the file."""
    return tuple(_passport(each) for each in _file()["passports"])


def changing() -> Passport:
    """The one whose permission is changed while the kit waits; its answer is the one before and after."""
    return _passport(_file()["changing"])


def answered(answer: str) -> dict[str, str]:
    """The first passenger with an answer."""
    return next(each.asked for each in passports() if each.answer == answer)


@cache
def _file() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((Path(__file__).parent / "passports.json").read_text(encoding="utf-8"))
    return data


def _passport(each: dict[str, Any]) -> Passport:
    common: dict[str, str] = _file()["common"]
    asked = {**common, **{name: each[name] for name in each.keys() & {*common, "document_number"}}}
    return Passport(each["what"], asked, each["answer"], each["permission"])
