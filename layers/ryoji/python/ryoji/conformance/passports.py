"""The sandbox's passports: what is asked about each, what is answered, and the permission that stands behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Passport:
    """`asked` is the passenger as the JSON inquiry takes it; `permission` what the register holds, or None."""

    what: str
    asked: dict[str, str]
    answer: str
    permission: dict[str, Any] | None


@cache
def passports() -> tuple[Passport, ...]:
    """All of them, in the order of the file."""
    data = json.loads((Path(__file__).parent / "passports.json").read_text(encoding="utf-8"))
    common: dict[str, str] = data["common"]
    return tuple(
        Passport(
            each["what"],
            {**common, **{name: each[name] for name in each.keys() & {*common, "document_number"}}},
            each["answer"],
            each["permission"],
        )
        for each in data["passports"]
    )


def answered(answer: str) -> dict[str, str]:
    """The first passenger with an answer."""
    return next(each.asked for each in passports() if each.answer == answer)
