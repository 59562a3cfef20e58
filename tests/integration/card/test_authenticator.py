"""The officers' second factor."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from simulators.authenticator.totp import code, seconds_left
from tests.integration.card.sandbox import started

# RFC 6238, appendix B (SHA-1).
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")]


@pytest.mark.parametrize(("seconds", "expected"), VECTORS)
def test_the_vectors_of_the_standard(seconds: int, expected: str) -> None:
    assert code(SECRET, seconds, digits=8) == expected
    assert code(SECRET, seconds) == expected[2:]


def test_secrets_may_be_written_as_people_do() -> None:
    assert code("jbsw y3dp ehpk 3pxp", 0) == code("JBSWY3DPEHPK3PXP", 0)


def test_the_time_left() -> None:
    assert [seconds_left(second) for second in (0, 1, 29, 30)] == [30, 29, 1, 30]


def test_accounts_come_as_they_are_made(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.json"
    with started("simulators.authenticator", tmp_path, "--accounts", str(accounts)) as page:
        assert json.loads(page.get("/api/codes")[1])["codes"] == []
        accounts.write_text(json.dumps({"審査官": SECRET}), encoding="utf-8")
        answer = json.loads(page.get("/simulators/authenticator/api/codes")[1])
        assert [row["label"] for row in answer["codes"]] == ["審査官"]
        assert 1 <= answer["seconds_left"] <= 30
        accounts.write_text("[]", encoding="utf-8")
        assert page.get("/api/codes")[0] == 500
