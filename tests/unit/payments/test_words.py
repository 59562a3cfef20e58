"""Every reason has its words in every language, and the portal's table is the server's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ryoji.payments.declines import ANY_OTHER, REASONS, reason_of
from ryoji.payments.receipt import NOTES

ROOT = Path(__file__).resolve().parents[3]
SENT_BY_THE_PORTAL = {"canceled", "unknown_outcome", "unavailable"}
RAISED = {
    "nothing_due",
    "too_late",
    "not_by_card",
    "no_receipt",
    "not_found",
    "refused",
    "key_reused",
    "webhook_signature",
    "webhook_body",
}


def words(language: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(
        (ROOT / f"procedures/messages/parts/payment.{language}.yaml").read_text("utf-8")
    )
    return read


def keys(value: Any, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return {key for name, inner in value.items() for key in keys(inner, f"{path}.{name}")}


def test_the_languages_say_the_same_things() -> None:
    assert keys(words("ja")) == keys(words("en"))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_says_what_happened_and_how_to_mend_it(language: str) -> None:
    said = words(language)
    problems = said["problem"]["payment"]
    assert {*REASONS.values(), ANY_OTHER} | SENT_BY_THE_PORTAL | RAISED == set(problems)
    assert all(set(problem) == {"title", "detail", "mend"} for problem in problems.values())
    assert set(said["receipt"]["note"]) == set(NOTES)


def test_the_portal_reads_a_decline_as_the_server_does() -> None:
    portal = (ROOT / "web/src/payment/declines.ts").read_text("utf-8")
    assert dict(re.findall(r'^  (\w+): "(\w+)",$', portal, re.MULTILINE)) == REASONS


def test_what_could_warn_a_thief_is_just_declined() -> None:
    for code in ("lost_card", "stolen_card", "fraudulent", "pickup_card", "merchant_blacklist", None):
        assert reason_of(code, "card_declined") == "card_declined"
