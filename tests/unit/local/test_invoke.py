"""A function of the sandbox is called by its folder's name; what is in the way is said in a sentence."""

from __future__ import annotations

import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from local import invoke


class Functions:
    """Lambda's client, with what it was asked."""

    def __init__(self, failed: bool = False) -> None:
        self.failed = failed
        self.asked: list[tuple[str, Any]] = []

    def get_paginator(self, operation: str) -> Functions:
        assert operation == "list_functions"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        names = ("RyojiService-FunctionsReviewA1", "RyojiService-FunctionsMoveCasesB2")
        return [{"Functions": [{"FunctionName": name}]} for name in names]

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's names
        self.asked.append((FunctionName, json.loads(Payload)))
        failure = {"FunctionError": "Unhandled"} if self.failed else {}
        return {"Payload": io.BytesIO(b'{"Swept": 3}'), **failure}


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A home whose cloud listens."""
    monkeypatch.setattr(invoke, "LOCAL", tmp_path)
    with socket.socket() as cloud:
        cloud.bind(("127.0.0.1", 0))
        cloud.listen()
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "ports.json").write_text(json.dumps({"cloud": cloud.getsockname()[1]}))
        yield


@pytest.mark.parametrize("failed", [False, True])
def test_a_function_is_called_and_its_answer_printed(
    running: None, failed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    functions = Functions(failed)
    monkeypatch.setattr(invoke, "client", lambda _service, _port: functions)
    assert invoke.main(["move_cases", '{"do": "sweep"}']) == int(failed)
    assert functions.asked == [("RyojiService-FunctionsMoveCasesB2", {"do": "sweep"})]
    assert json.loads(capsys.readouterr().out) == {"Swept": 3}


def test_a_function_that_is_not_there_is_said(
    running: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    functions = Functions()
    monkeypatch.setattr(invoke, "client", lambda _service, _port: functions)
    assert invoke.main(["move_houses"]) == 1
    assert "There is no function move_houses" in capsys.readouterr().err
    assert functions.asked == []


def test_wrong_use_is_said(running: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke.main(["move_cases", "{do: sweep}"]) == 2
    assert "The event is not JSON" in capsys.readouterr().err
    assert invoke.main(["move_cases", "--home", "nobody"]) == 2
    assert "start one with `make run`" in capsys.readouterr().err
