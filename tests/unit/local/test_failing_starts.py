"""A call between parts that fails while the sandbox starts: a sentence with what was not done, why, and which log."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

import local.run
import local.seed
from local import cloud, first_calls, invoke, metrics, payments
from local.places import Home
from local.processes import CannotStart, Parts
from local.running import Running

REGISTER_WEBHOOK = payments.register_webhook


class Functions:
    """What functions answer: the one in `failed` raises."""

    failed = ""

    def invoke(self, _client: Any, folder: str, _event: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """As `local.invoke.invoke`."""
        return {"errorMessage": "no key for seals"}, folder == self.failed


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, functions: Functions) -> Running:
    """A sandbox without parts, of which every call succeeds until a test lets one fail."""
    for name in ("_context", "_write_settings", "_write_environment", "_serve_site"):
        monkeypatch.setattr(Running, name, lambda _running: None)
    monkeypatch.setattr(Running, "_last_parts", lambda _running: [])
    monkeypatch.setattr(Running, "client", lambda _running, _service: None)
    monkeypatch.setattr(Parts, "start", lambda _parts, _part: None)
    monkeypatch.setattr(Parts, "wait", lambda _parts, _name: None)
    monkeypatch.setattr(cloud, "deploy", lambda *_: {"ApiId": "an-api"})
    monkeypatch.setattr(payments, "register_webhook", lambda *_: None)
    monkeypatch.setattr(local.seed, "seed", lambda _running: None)
    monkeypatch.setattr(invoke, "invoke", functions.invoke)
    monkeypatch.setattr(metrics, "collect", lambda _running: None)
    monkeypatch.setattr(first_calls, "begin", lambda _running: None)
    return Running(Home(tmp_path), wanted=None)


def raising(error: Exception) -> Any:
    def call(*_: Any) -> None:
        raise error

    return call


def sentence(running: Running) -> str:
    with pytest.raises(CannotStart) as failed:
        running.start()
    return str(failed.value)


def test_it_starts_where_nothing_fails(running: Running) -> None:
    running.start()
    assert running.outputs == {"ApiId": "an-api"}


def test_a_card_gateway_that_does_not_listen_is_said(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "register_webhook", REGISTER_WEBHOOK)
    said = sentence(running)
    assert said.startswith("The card gateway (stripe) was not told where to report payments (URLError:")
    assert said.endswith(f"Look into {running.home.logs / 'stripe.log'}.")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RuntimeError("PUT /desk/agencies/sunrise-travel: 403"), "sunrise-travel: 403"),
        (KeyError("AuthenticationResult"), "AuthenticationResult"),
        (subprocess.CalledProcessError(1, ["ryoji"]), "exit status 1"),
    ],
    ids=["refused", "no token", "a command that failed"],
)
def test_demo_people_that_are_refused_are_said(
    running: Running, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    monkeypatch.setattr(local.seed, "seed", raising(error))
    said = sentence(running)
    assert said.startswith("The demo people and officers were not made")
    assert why in said
    logs = [running.home.logs / f"{part}.log" for part in ("cloud", "seeding")]
    assert said.endswith(f"Look into {logs[0]} and {logs[1]}.")
    assert logs[1].exists()


def test_certificates_that_are_not_made_are_said(running: Running, functions: Functions) -> None:
    functions.failed = "keep_certificates"
    said = sentence(running)
    assert said.startswith("The function keep_certificates made no certificate for seals")
    assert "no key for seals" in said
    assert "cloud.log" in said


def test_a_fault_of_the_program_s_own_stays_one(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.seed, "seed", raising(TypeError("a fault of ours")))
    with pytest.raises(TypeError, match="a fault of ours"):
        running.start()


def test_make_run_says_it_without_a_traceback(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(local.run, "LOCAL", tmp_path)
    monkeypatch.setattr(local.run, "home", lambda _name: running.home)
    monkeypatch.setattr(local.run, "_STOP_SIGNALS", ())
    monkeypatch.setattr(local.run, "write_pictures", lambda folder: folder)
    monkeypatch.setattr(local.run, "seed_cases", raising(RuntimeError("POST /cases: 503")))
    assert local.run.main([]) == 1
    said = capsys.readouterr().err
    assert "Ryoji cannot start: The demo cases were not made (RuntimeError: POST /cases: 503)." in said
    assert "Traceback" not in said
