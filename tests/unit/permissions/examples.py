"""Permissions and passengers to test with; nobody of them exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ryoji.evidence.travel_document.check_digits import check_digit
from ryoji.permissions.entry import entry_rules
from ryoji.permissions.inquiry import Passenger
from ryoji.permissions.permission import Permission

ISSUED = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
KEY = bytes(range(32))


def permission(**other: Any) -> Permission:
    """A single-entry visa of a Chinese passport, in force for the winter."""
    values: dict[str, Any] = {
        "number": "EV-26-000123",
        "case_id": "case-1",
        "kind": "visa",
        "programme": "evisa-tourism",
        "document": {"issuing_state": "CHN", "number": "E63974448"},
        "birth_date": date(1956, 6, 20),
        "nationality": "CHN",
        "valid_from": date(2026, 11, 1),
        "valid_until": date(2027, 1, 31),
        "entries": "single",
        "stay_days": 30,
        "since": ISSUED,
    }
    return Permission.model_validate({**values, **other})


ARRIVAL = date(2026, 11, 24)
RULES = entry_rules(
    {
        "own_nationals": {"from": "1990-01-01", "states": ["JPN"], "mark": "F", "source": "law"},
        "visa_exempt": {
            "from": "2020-01-01",
            "until": "2028-03-31",
            "states": ["FRA", "D"],
            "mark": "K",
            "source": "a list",
        },
    }
)


def passenger(**other: Any) -> Passenger:
    """The holder of `permission()`, as a carrier sends them."""
    values: dict[str, Any] = {
        "document_type": "P",
        "issuing_state": "CHN",
        "number": "E63974448",
        "birth_date": "1956-06-20",
        "nationality": "CHN",
    }
    return Passenger(**{**values, **other})


def zone(number: str = "E63974448", birth: str = "560620", expiry: str = "300101") -> tuple[str, str]:
    """The two lines of a passport's zone with the right check digits."""
    number = number.ljust(9, "<")
    digits = number + check_digit(number) + "CHN" + birth + check_digit(birth) + "M"
    lower = digits + expiry + check_digit(expiry) + "<" * 14 + "<"
    whole = check_digit(lower[:10] + lower[13:20] + lower[21:43])
    return "P<CHNWI<<ONE<TWO".ljust(44, "<"), lower + whole
