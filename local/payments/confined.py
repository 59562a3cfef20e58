"""Run somebody else's server module so that it listens on loopback only and keeps its one file where it is told.

`python confined.py STATE_FILE ITS_FILE MODULE [ARGUMENT …]`. localstripe listens on every address of the machine and
keeps its state in one fixed file of /tmp, which two sandboxes would share; it has no option for either.
"""

from __future__ import annotations

import builtins
import os
import runpy
import socket
import sys
import threading
import time
from typing import Any


class LoopbackSocket(socket.socket):
    """A socket that, whatever it is asked, is IPv4 and binds to 127.0.0.1."""

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:  # noqa: A002 - the standard library's own names
        asked_for_ipv6 = family == socket.AF_INET6 and fileno is None
        super().__init__(socket.AF_INET if asked_for_ipv6 else family, type, proto, fileno)

    def bind(self, address: Any) -> None:
        """Bind to the port that was asked for, on loopback."""
        super().bind(("127.0.0.1", address[1]) if isinstance(address, tuple) else address)


def _end_with(parent: int) -> None:
    """End when the process that started us has ended, however it ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main(state_file: str, its_file: str, module: str, *arguments: str) -> None:
    """Become the module."""
    open_anywhere = builtins.open

    def open_here(file: Any, *more: Any, **named: Any) -> Any:
        return open_anywhere(state_file if file == its_file else file, *more, **named)

    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    builtins.open = open_here
    socket.socket = LoopbackSocket  # type: ignore[misc]  # the stand-in gets no other
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
