"""Start the parts of the laptop's cloud, wait for each by its health check, stop exactly what was started."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


class CannotStart(Exception):
    """A part did not start; the message says in plain words which, why and what to do."""


# Below the ports that systems give to outgoing connections: one of those may take a port between choice and use.
QUIET = range(20000, 30000)


def free_port() -> int:
    """A port on loopback that nobody uses now, and that no outgoing connection is given in the meantime."""
    for _ in range(50):
        chosen = secrets.choice(QUIET)
        if is_free(chosen):
            return chosen
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether nobody listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@dataclass
class Part:
    """One server: its command, its address, and the path that answers when it is ready."""

    name: str
    command: list[str]
    port: int
    health: str
    env: dict[str, str] = field(default_factory=dict)
    seconds: float = 60.0


@dataclass
class Started:
    """A started server."""

    part: Part
    process: subprocess.Popen[bytes]
    log: IO[bytes]


class Parts:
    """The servers that this process started, in order; stopping goes backwards and by process group."""

    def __init__(self, logs: Path, cwd: Path) -> None:
        self.logs, self.cwd = logs, cwd
        self.started: list[Started] = []

    def start(self, part: Part) -> None:
        """Start a part without waiting for it."""
        log = (self.logs / f"{part.name}.log").open("wb")
        process = subprocess.Popen(
            leashed(part.command),
            cwd=self.cwd,
            env={**os.environ, **part.env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started.append(Started(part, process, log))

    def wait(self, name: str) -> None:
        """Wait until a part answers its health check; raise CannotStart in plain words."""
        running = next(s for s in self.started if s.part.name == name)
        url = f"http://127.0.0.1:{running.part.port}{running.part.health}"
        end = time.monotonic() + running.part.seconds
        while time.monotonic() < end:
            if running.process.poll() is not None:
                raise CannotStart(self._died(running))
            if _answers(url):
                return
            time.sleep(0.1)
        raise CannotStart(
            f"{name} did not answer at {url} within {running.part.seconds:.0f} seconds. "
            f"Its log is {self.logs / name}.log."
        )

    def _died(self, running: Started) -> str:
        lines = (self.logs / f"{running.part.name}.log").read_text(errors="replace").strip().splitlines()
        last = "\n    ".join(lines[-8:])
        return (
            f"{running.part.name} ended at once with exit code {running.process.returncode}. "
            f"Its last words:\n    {last}"
        )

    def dead(self) -> str | None:
        """The name of a part that has died, or None."""
        return next((s.part.name for s in self.started if s.process.poll() is not None), None)

    def stop(self) -> None:
        """Stop every part that was started here, with its children, and nothing else."""
        for running in reversed(self.started):
            _signal_group(running.process, signal.SIGTERM)
        for running in reversed(self.started):
            try:
                # The cloud saves its state, which grows; the others have nothing to do.
                running.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                _signal_group(running.process, signal.SIGKILL)
                running.process.wait(timeout=5)
            _signal_group(running.process, signal.SIGKILL)
            running.log.close()
        self.started.clear()


def leashed(command: list[str]) -> list[str]:
    """The command, ended by the system when we end without having stopped it: killed, for one. Linux has that."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else command


def _signal_group(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    try:
        os.killpg(process.pid, which)
    except (ProcessLookupError, PermissionError):
        return


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback only
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
