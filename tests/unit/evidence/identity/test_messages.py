"""Every code has its texts in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

_ROOT = Path(__file__).parents[4]
_SOURCES = _ROOT / "layers/ryoji/python/ryoji/evidence/identity"
_REASONS = {
    f"{whose}{reason}"
    for whose in ("", "representative_")
    for reason in ("wrong_person", "name_differs", "birth_date_differs", "sex_differs", "address_differs")
}


def _codes(pattern: str) -> set[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in _SOURCES.glob("*.py"))
    return set(re.findall(pattern, text))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_texts(language: str) -> None:
    file = _ROOT / f"procedures/messages/parts/identity.{language}.yaml"
    texts = yaml.safe_load(file.read_text(encoding="utf-8"))
    reasons = _codes(r'Reason\(code="(\w+)"') | _codes(r'_rejected\("(\w+)"') | _REASONS
    assert set(texts["finding"]["identity"]) == reasons
    assert all(set(entry) == {"text", "mend"} for entry in texts["finding"]["identity"].values())
    problems = _codes(r'(?:Invalid|Refused)\("(\w+)"')
    assert problems <= set(texts["problem"])
