"""Starts the functions' processes by forking one that has imported what all need, in the place of `subprocess.Popen`.

For the local cloud's own environment. Needs Linux; elsewhere each function's process is an interpreter of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import threading
from pathlib import Path
from typing import IO, Any

TEMPLATE = Path(__file__).with_name("function_template.py")
WORKER = "_worker.py"


class CannotFork(Exception):
    """What all functions import cannot be imported; why stands in the local cloud's log."""


class Forked:
    """A process that another one forked, as the local cloud uses `subprocess.Popen`: streams, and its end."""

    def __init__(self, number: int, stdin: IO[str], stdout: IO[str], stderr: IO[str]) -> None:
        self.pid, self.stdin, self.stdout, self.stderr = number, stdin, stdout, stderr
        self.returncode: int | None = None
        # A number may be given to another process, this one is its own for as long as it is open.
        self._process = _opened(number)

    def poll(self) -> int | None:
        """0 when it has ended: with which status, only the one that forked it was told."""
        self._ended_within(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """0 when it has ended. Raises TimeoutExpired."""
        if not self._ended_within(timeout):
            raise subprocess.TimeoutExpired(WORKER, timeout or 0)
        return 0

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, sent: signal.Signals) -> None:
        if self._process is not None and not self._ended_within(0):
            signal.pidfd_send_signal(self._process, sent)

    def _ended_within(self, seconds: float | None) -> bool:
        if self._process is None or select.select([self._process], [], [], seconds)[0]:
            self.returncode = 0
        return self.returncode is not None

    def __del__(self) -> None:
        if self._process is not None:
            os.close(self._process)


def _opened(number: int) -> int | None:
    try:
        return os.pidfd_open(number)
    except ProcessLookupError:
        return None


def _close(*ends: int) -> None:
    for end in ends:
        os.close(end)


class Templates:
    """The processes that fork, one for each place where functions find their packages."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, str], tuple[socket.socket, subprocess.Popen[bytes]]] = {}
        self._one_at_a_time = threading.Lock()

    def start(self, command: list[str], *, cwd: str, env: dict[str, str], **streams: Any) -> Any:
        """As `subprocess.Popen` for the local cloud's calls: a fork for a Python function, and else a process."""
        interpreter, script = command[0], command[-1]
        if Path(script).name != WORKER or not hasattr(os, "pidfd_open"):
            return subprocess.Popen(command, cwd=cwd, env=env, **streams)
        (takes, write), (read, says), (errors, complains) = (os.pipe() for _ in range(3))
        function = {"script": script, "folder": cwd, "environment": env}
        try:
            number = self._fork(interpreter, function, [takes, says, complains])
        except CannotFork:
            _close(write, read, errors)
            raise
        finally:
            _close(takes, says, complains)
        return Forked(
            number,
            os.fdopen(write, "w", buffering=1, encoding="utf-8"),
            os.fdopen(read, encoding="utf-8"),
            os.fdopen(errors, encoding="utf-8", errors="replace"),
        )

    def _fork(self, interpreter: str, function: dict[str, Any], ends: list[int]) -> int:
        """The process's number; raises CannotFork."""
        with self._one_at_a_time, contextlib.suppress(ConnectionError):
            told = self._template(interpreter, function["environment"])
            socket.send_fds(told, [json.dumps(function).encode()], ends)
            answer = told.recv(32)
            if answer:
                return int(answer)
        raise CannotFork(function["script"])

    def end(self) -> None:
        """End the templates; what they forked goes on."""
        for told, template in self._running.values():
            told.close()
            template.wait()

    def _template(self, interpreter: str, env: dict[str, str]) -> socket.socket:
        kind = (interpreter, env.get("PYTHONPATH", ""))
        if kind not in self._running:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            template = subprocess.Popen([interpreter, str(TEMPLATE)], stdin=theirs.fileno(), env=env)
            theirs.close()
            self._running[kind] = ours, template
        return self._running[kind][0]
