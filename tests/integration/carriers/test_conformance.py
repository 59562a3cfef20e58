"""The conformance kit runs against the deployed service as a carrier would run it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest

from local.processes import free_port
from tests.integration.carriers.asking import behave, client_of
from tests.sandbox import Sandbox


def _kit(
    ryoji: Sandbox, *options: str, secret: str | None = None, code: str = "XB"
) -> tuple[int, list[dict[str, str]]]:
    client = client_of(ryoji, f"Carrier{code}Client")
    named = {"RYOJI_CLIENT_ID": client.id, "RYOJI_CLIENT_SECRET": secret or client.secret}
    ended = subprocess.run(
        [sys.executable, "-m", "ryoji", "conformance", f"{ryoji.origin}/api", *options],
        env={
            **os.environ,
            **ryoji.running.command_environment,
            **named,
            "PYTHONPATH": "layers/ryoji/python:.",
        },
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
    assert _kit(ryoji, secret="another") == (1, [])


@pytest.mark.parametrize("code", ["XA", "XB"])
def test_a_change_is_pushed_again_until_it_is_acknowledged(ryoji: Sandbox, code: str) -> None:
    """In EDIFACT to one, in JSON to the other: the deployed queue, to an address at which the kit listens."""
    port = free_port()
    behave(ryoji, code, "relay", to=f"http://127.0.0.1:{port}/")
    change = f"{shlex.quote(sys.executable)} -m local.passports"
    try:
        status, said = _kit(ryoji, "--change", change, "--listen", f"127.0.0.1:{port}", code=code)
    finally:
        behave(ryoji, code, "ok")
    assert [each for each in said if each["verdict"] != "pass"] == []
    assert [each["rule"] for each in said if each["rule"].startswith("push.")] == [
        "push.comes",
        "push.again",
        "push.acknowledged",
    ]
    assert status == 0
