"""A printed visa's two lines beside its seal: what the browser's page answers, too (tests/data/seals/printed.json)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ryoji.adapters import trust_store
from ryoji.doors import seals
from ryoji.issuance.printed import FIELDS, compare_printed, lines_of
from ryoji.issuance.verification import Answer
from ryoji.issuance.zone import visa_zone
from tests.unit.issuance.sealing import NOW, ROOT, RULES, VISA, ministry

VECTORS: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "seals" / "printed.json").read_text())
CASES = {case["name"]: case for case in VECTORS["cases"]}


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_answered_as_on_the_page(name: str) -> None:
    case = CASES[name]
    left_out = case.get("without", [])
    content = {**VECTORS["content"], **case.get("content", {})}
    found = compare_printed(
        case["lines"], {k: v for k, v in content.items() if k not in left_out}, VECTORS["state"]
    )
    assert found.status == case["status"]
    outcomes = {each.field: each.outcome for each in found.fields}
    assert sorted(field for field, outcome in outcomes.items() if outcome == "differs") == case["differs"]
    assert [field for field, outcome in outcomes.items() if outcome == "not_compared"] == left_out
    assert tuple(outcomes) == (FIELDS if case["status"] != "INVALID_VISA_MRZ" else ())


def test_lines_are_taken_as_people_paste_them() -> None:
    one, two = visa_zone(VISA, RULES)
    for text in (f"{one}\n{two}", f"\n{one}\r\n\r\n{two}\n", f"{one}{two}", f"{one} {two}"):
        assert compare_printed(lines_of(text), VECTORS["content"], "JPN").status == "MATCH", text


class _NobodyAsked:
    def status_of(self, number: str) -> Answer:
        return "not_checked"


def test_the_public_verification_compares_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_store, "published_list", ministry().list)
    monkeypatch.setattr(seals, "seal_rules", lambda: RULES)
    monkeypatch.setattr(seals, "texts", _Texts)
    seals.forget()
    zone = "\n".join(visa_zone(VISA, RULES))

    def printed(seal: str, text: str | None) -> Any:
        return seals.verdict_of(seal, _NobodyAsked(), "en", NOW, text)["printed"]

    try:
        assert printed(ministry().seal(), None) is None
        assert printed(ministry().seal(), zone)["status"] == "MATCH"
        assert printed(ministry().seal(), zone.replace("ANNA", "ANNE"))["status"] == "SEAL_VISA_MISMATCH"
        assert printed(ministry().seal().replace("ANNA", "ANNE"), zone) == {
            "status": "NOT_COMPARED",
            "fields": (),
        }
    finally:
        seals.forget()


class _Texts:
    """No words are looked at here."""

    def text(self, key: str, _language: str) -> str:
        """The key itself."""
        return key
