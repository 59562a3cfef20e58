"""The conformance kit runs against the deployed service as a carrier would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.integration.carriers.asking import client_of
from tests.sandbox import Sandbox


def _kit(ryoji: Sandbox, secret: str | None = None) -> tuple[int, list[dict[str, str]]]:
    client = client_of(ryoji, "CarrierXBClient")
    named = {"RYOJI_CLIENT_ID": client.id, "RYOJI_CLIENT_SECRET": secret or client.secret}
    ended = subprocess.run(
        [sys.executable, "-m", "ryoji", "conformance", f"{ryoji.origin}/api"],
        env={**os.environ, **named, "PYTHONPATH": "layers/ryoji/python"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]


def test_every_rule_holds(ryoji: Sandbox) -> None:
    status, said = _kit(ryoji)
    assert [each for each in said if each["verdict"] != "pass"] == []
    assert len(said) > 20
    assert status == 0


def test_a_wrong_secret_is_said(ryoji: Sandbox) -> None:
    assert _kit(ryoji, "another") == (1, [])
