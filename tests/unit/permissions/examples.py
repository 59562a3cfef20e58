"""Permissions and passengers to test with; nobody of them exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

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
