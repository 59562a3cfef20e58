"""The whole sandbox for tests: its own state, its own ports, started once a run and stopped at its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.api import Caller, applicant_token, officer_token
from local.demo import FACES
from local.invoke import invoke
from local.journey import Pictures, Walker, passport_page, person, signature_picture
from local.lock import empty, held
from local.places import LOCAL, Home
from local.processes import free_port
from local.running import Running
from local.seed import PASSWORD

# The tests send the same few pictures again and again: each is recognised once, by the real models.
PICTURES = 256
# The sandbox that the test of `make run` has left running, for the journeys to go on in.
LEFT_BY_MAKE_RUN = pytest.StashKey[Path]()
PEOPLE = Path(__file__).resolve().parents[1] / "simulators" / "people" / "pictures"


@dataclass
class Sandbox:
    """A running sandbox and the people in it."""

    running: Running
    settings: dict[str, Any]
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """The address of site and API."""
        return self.running.origin

    @property
    def walker(self) -> Walker:
        """The addresses of the simulators."""
        return Walker.of(self.origin, self.running.ports)

    def public(self, language: str = "en") -> Caller:
        """Somebody without an account."""
        return Caller(self.origin, language=language)

    def applicant(self, email: str = "hanako@example.jp") -> Caller:
        """A signed-in applicant."""
        if email not in self.tokens:
            self.tokens[email] = applicant_token(self.settings, email, PASSWORD)
        return Caller(self.origin, self.tokens[email])

    def officer(self, username: str) -> Caller:
        """A signed-in officer, with the second factor."""
        if username not in self.tokens:
            secrets = json.loads((self.running.home.folder / "authenticator.json").read_text())
            self.tokens[username] = officer_token(self.settings, username, PASSWORD, secrets[username])
        return Caller(self.origin, self.tokens[username])

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call a function's step door as an operator may."""
        result, _ = invoke(self.running.client("lambda"), function, event)
        assert isinstance(result, dict)
        return result


@contextmanager
def sandbox(name: str) -> Iterator[Sandbox]:
    """A sandbox with empty state; stopped afterwards whatever happens."""
    folder = LOCAL / name
    with held(folder):
        empty(folder)
        running = Running(Home(folder), wanted={"site": free_port()}, remember=PICTURES)
        try:
            running.start()
            yield _known(running)
        finally:
            running.stop()


def sandbox_of_another_process(home: Path) -> Sandbox:
    """The sandbox that somebody has started in this home."""
    return _known(Running(Home(home), elsewhere=True))


def _known(running: Running) -> Sandbox:
    return Sandbox(running, json.loads(running.home.settings.read_text()))


def pictures(name: str = "yamada-hanako") -> Pictures:
    """Pictures that pass: a portrait before a plain wall, the page of a passport with the same face, a signature."""
    who = person(name)
    portrait = (PEOPLE / FACES.get(name, "kenichi.jpg")).read_bytes()
    return Pictures(portrait, passport_page(who, portrait), signature_picture(who))
