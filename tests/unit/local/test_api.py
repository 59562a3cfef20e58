"""The client of the sandbox's API: what passes by itself does not end a rehearsal."""

from __future__ import annotations

from typing import Any

import pytest

from local.api import PAUSES, Answer, Caller


class Answers(Caller):
    """A caller whose calls are answered from a list."""

    def __init__(self, *statuses: int) -> None:
        super().__init__("http://127.0.0.1:9")
        self.statuses, self.keys = list(statuses), list[str | None]()

    def call(self, verb: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """The next status of the list."""
        self.keys.append(key)
        return Answer(self.statuses.pop(0), {})


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it paused."""
    pauses: list[float] = []
    monkeypatch.setattr("local.api.time.sleep", pauses.append)
    return pauses


def test_what_passes_by_itself_is_asked_again_as_the_same_call(slept: list[float]) -> None:
    caller = Answers(502, 503, 201)
    assert caller.ok("POST", "/cases") == {}
    assert slept == [1, 2]
    assert len(set(caller.keys)) == 1
    assert caller.keys[0]


def test_another_call_has_another_key() -> None:
    caller = Answers(200, 200)
    caller.ok("POST", "/cases")
    caller.ok("POST", "/cases")
    assert len(set(caller.keys)) == 2


def test_in_the_end_it_is_said() -> None:
    caller = Answers(*[503] * (len(PAUSES) + 1))
    with pytest.raises(RuntimeError, match="503"):
        caller.ok("POST", "/cases")


@pytest.mark.parametrize("status", [409, 422, 500])
def test_what_does_not_pass_is_said_at_once(slept: list[float], status: int) -> None:
    with pytest.raises(RuntimeError, match=str(status)):
        Answers(status).ok("POST", "/cases")
    assert slept == []
