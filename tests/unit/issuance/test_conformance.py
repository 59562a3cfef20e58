"""The Python verifier judges as the file says that the browser's is held to, too; and both know the same profiles."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.unit.issuance.conformance import FILE, LETTERS, flips, judged, letters
from tests.unit.issuance.sealing import ROOT, RULES

CONFORMANCE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
PAGE = ROOT / "web" / "src" / "verify" / "seal" / "profile.json"


@pytest.mark.parametrize("name", CONFORMANCE["cases"])
def test_a_case_is_judged_as_before(name: str) -> None:
    case = CONFORMANCE["cases"][name]
    now = datetime.fromisoformat(case["now"])
    assert judged(case["text"], CONFORMANCE["lists"][case["trust"]], now) == case["verdict"]


def test_changed_bytes_are_judged_as_before() -> None:
    changed = CONFORMANCE["flips"]
    believed, now = CONFORMANCE["lists"]["usual"], datetime.fromisoformat(changed["now"])
    found = letters(flips(changed["text"]), believed, now)
    assert found == changed["statuses"]
    assert LETTERS["VALID"] not in found


def test_every_status_has_a_case() -> None:
    assert {case["verdict"]["status"] for case in CONFORMANCE["cases"].values()} == set(LETTERS)


def test_the_page_knows_the_profiles_of_the_rules() -> None:
    page = json.loads(PAGE.read_text(encoding="utf-8"))
    assert page["state"] == RULES.state
    assert page["days_of"] == RULES.days_of
    assert page["elements"] == [element.model_dump() for element in RULES.elements]
    assert page["profiles"] == {
        name: {"version": profile.version, "document_type": profile.document_type, "kind": profile.kind}
        for name, profile in RULES.profiles.items()
    }
