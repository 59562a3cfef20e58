"""docs/seals.md for integrators: its example is run on the vectors that it names, its tables say what the rules say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from ryoji.issuance.trust import read_trust
from tests.unit.issuance.conformance import FILE, flips
from tests.unit.issuance.sealing import NOW, ROOT, RULES, Ministry, ministry

PAGE = (ROOT / "docs" / "seals.md").read_text(encoding="utf-8")
CONFORMANCE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
Content = Callable[[str, str, str, datetime], dict[str, Any]]


@pytest.fixture(scope="module")
def content() -> Content:
    """The example's last function, out of the page."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    found: Content = names["content"]
    return found


def accepts(content: Content, text: str, listed: str, pinned: str, now: datetime) -> bool:
    try:
        content(text, listed, pinned, now)
    except Exception:  # any is a refusal: so the page says
        return False
    return True


def pin(listed: str) -> str:
    from ryoji.issuance.trust import fingerprint

    return fingerprint(read_trust(listed).authorities[0].certificate.der)


@pytest.mark.parametrize("name", CONFORMANCE["cases"])
def test_the_example_judges_as_the_vectors_do(content: Content, name: str) -> None:
    case = CONFORMANCE["cases"][name]
    usual = pin(CONFORMANCE["lists"]["usual"])
    now = datetime.fromisoformat(case["now"])
    # It knows the ministry's own types only.
    good = case["verdict"]["status"] == "VALID" and case["verdict"]["type"] in RULES.profiles
    assert accepts(content, case["text"], CONFORMANCE["lists"][case["trust"]], usual, now) is good


def test_the_example_refuses_a_seal_with_a_changed_byte(content: Content) -> None:
    changed, listed = CONFORMANCE["flips"], CONFORMANCE["lists"]["usual"]
    now = datetime.fromisoformat(changed["now"])
    assert accepts(content, changed["text"], listed, pin(listed), now)
    every = flips(changed["text"])[::7]
    assert [text for text in every if accepts(content, text, listed, pin(listed), now)] == []


def test_the_example_believes_the_pinned_certificate_and_not_the_key_beside_it(content: Content) -> None:
    forger, listed = Ministry(), json.loads(ministry().list())
    forged = json.loads(forger.list())
    # The ministry's certificate and digest, another's key and signature.
    real = listed["data"]["authorities"][0]
    forged["data"]["authorities"] = [{**real, "key": forged["data"]["authorities"][0]["key"]}]
    forged["sig"]["cer"] = listed["sig"]["cer"]
    text = json.dumps(forged, ensure_ascii=False, separators=(",", ":"))
    assert not accepts(content, forger.seal(), text, pin(ministry().list()), NOW)
    assert accepts(content, ministry().seal(), ministry().list(), pin(ministry().list()), NOW)


def test_the_example_gives_the_content_by_name(content: Content) -> None:
    said = content(ministry().seal(), ministry().list(), pin(ministry().list()), NOW)
    assert (said["number"], said["stay_days"]) == ("EV26ABCD1234", 15)


def test_the_page_has_every_member_type_and_lifetime() -> None:
    for element in RULES.elements:
        (row,) = [
            line for line in PAGE.splitlines() if re.match(r"\| `", line) and f"`{element.key}`" in line
        ]
        assert row.endswith("| yes |" if element.needed else "| no |"), row
    life = RULES.certificates
    for number in (life.authority.days, life.signer.key_days, life.signer.longest_permission_days):
        assert f"{number}" in PAGE
    assert f"valid for {life.crl.days}" in PAGE
    for name, profile in RULES.profiles.items():
        assert f"`{name}`" in PAGE
        assert f"`{profile.document_type}`" in PAGE
