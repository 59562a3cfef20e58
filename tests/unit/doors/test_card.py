"""What is sent as the card's signature is judged by its form before anybody tries to verify it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.cases import walking
from tests.unit.cases.walking import CASE
from tests.unit.doors.calling import HOLDER, House

MALFORMED = [
    ({"format": "zip", "value": "AAAA"}, "/signature/format"),
    ({"format": "cms", "value": ""}, "/signature/value"),
    ({"format": "cms", "value": "A" * 60_000 + "A" * 6_000}, None),
    ({"format": "cms"}, "/signature/value"),
    ({"format": "cms", "value": "AAAA", "more": 1}, "/signature/more"),
]


@pytest.mark.parametrize("route", ["/cases/{case_id}/identity", "/cases/{case_id}/submission"])
@pytest.mark.parametrize(("signature", "pointer"), MALFORMED)
def test_a_malformed_signature_is_told_by_its_field(
    house: House, route: str, signature: dict[str, Any], pointer: str | None
) -> None:
    house.keep(walking.draft())
    answer = house.call("POST", route, HOLDER, body={"signature": signature}, case_id=CASE)
    assert answer.status == (422 if pointer else 413)
    assert {error["pointer"] for error in answer.json.get("errors", [])} == ({pointer} if pointer else set())
    assert all(error["detail"] for error in answer.json.get("errors", []))
