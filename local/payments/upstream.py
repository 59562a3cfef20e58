"""The localstripe process, and talking to it."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

CONFINED = Path(__file__).with_name("confined.py")
ITS_FILE = "/tmp/localstripe.pickle"  # noqa: S108 - where that program writes
STARTING_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """What localstripe said."""

    status: int
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; empty when it is none."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


class Localstripe:
    """One localstripe on one loopback port."""

    def __init__(self, port: int, secret_key: str) -> None:
        self._port = port
        self._authorization = f"Bearer {secret_key}"

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """One of our own calls: form-encoded, with the secret key."""
        body = urlencode(form).encode() if form else None
        return self.forward(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def tell(self, path: str, values: dict[str, Any]) -> Answer:
        """A call whose values a form cannot carry (null)."""
        return self.forward("POST", path, json.dumps(values).encode(), {"Content-Type": "application/json"})

    def forward(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Pass a call on as it is; the secret key is added unless the caller brought one."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(method, path, body, {"Authorization": self._authorization, **headers})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        finally:
            connection.close()

    @property
    def up(self) -> bool:
        """Whether it answers."""
        try:
            return self.forward("GET", "/js.stripe.com/v3/", None, {}).status == 200
        except OSError:
            return False


def start(python: Path, port: int, state: Path) -> subprocess.Popen[bytes]:
    """Start localstripe on a loopback port with its state in a folder of ours. The caller ends it."""
    line = [str(python), "-P", str(CONFINED), str(state / "localstripe.pickle"), ITS_FILE, "localstripe"]
    return subprocess.Popen(
        [*line, "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(state / "localstripe.log").open("ab"),
    )


def wait(process: subprocess.Popen[bytes], localstripe: Localstripe) -> None:
    """Return when it answers; raise RuntimeError when it ended or took too long."""
    until = time.monotonic() + STARTING_SECONDS
    while not localstripe.up:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("localstripe did not start; its own words are in localstripe.log")
        time.sleep(0.1)
