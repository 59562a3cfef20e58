"""Starting a simulator as its users do, and talking to it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Sandbox:
    """A running simulator."""

    url: str

    def get(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        return self._ask(urllib.request.Request(self.url + path))

    def post(
        self, path: str, body: object, content_type: str = "application/json"
    ) -> tuple[int, dict[str, Any]]:
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Content-Type": content_type})
        status, answer, _ = self._ask(request)
        return status, json.loads(answer)

    def sign(self, person: str, pin: str, digest_hex: str, **more: str) -> tuple[int, dict[str, Any]]:
        return self.post("/api/sign", {"person": person, "pin": pin, "digest_hex": digest_hex, **more})

    def _ask(self, request: urllib.request.Request) -> tuple[int, bytes, dict[str, str]]:
        try:
            with _DIRECT.open(request, timeout=20) as response:
                return response.status, response.read(), dict(response.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), dict(error.headers)


@contextmanager
def started(module: str, folder: Path, *options: str) -> Iterator[Sandbox]:
    """Start on a free port, wait for the ready file, stop at the end."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    keeps = module in ("simulators.card", "simulators.printing")
    needed = ["--state", str(folder / "state")] if keeps else []
    command = [sys.executable, "-m", module, "--port", "0", "--ready-file", str(ready), *needed, *options]
    with subprocess.Popen(command, cwd=_ROOT) as process:
        try:
            yield Sandbox(_wait_for(ready, process))
        finally:
            process.terminate()


def _wait_for(ready: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if ready.exists() and (told := ready.read_text(encoding="utf-8")):
            return f"http://127.0.0.1:{json.loads(told)['port']}"
        assert process.poll() is None, "it stopped"
        time.sleep(0.05)
    raise AssertionError("it did not start")
