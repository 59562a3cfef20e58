"""A process that has imported what every function imports, and forks into a function's process when told to.

Most of what a function's first call costs a processor is the import of boto3, pydantic and PynamoDB, and a sandbox
starts dozens of functions' processes. A function's own code and the layer are imported after the fork: nothing of one
function, and of its environment, is in another.

This file is run by the functions' interpreter. Its standard input is a socket: one message for each process, with the
three ends that are to be its standard streams, answered by its number. When the socket is closed, this process ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

# What the layer's modules import from the packages beside them: none of it reads a function's own settings.
IMPORTED_BY_ALL = (
    "boto3",
    "botocore.client",
    "botocore.handlers",
    "pydantic",
    "pynamodb.models",
    "pynamodb.transactions",
    "aws_lambda_powertools.logging",
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.tracing",
    "chalice",
)
LONGEST_MESSAGE = 1 << 17


def serve(told: socket.socket) -> None:
    """Fork for every message until nobody can send one any more."""
    # Children that ended leave nothing to be collected.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, ends, _, _ = socket.recv_fds(told, LONGEST_MESSAGE, 3)
        if not message:
            return
        number = os.fork()
        if number == 0:
            told.close()
            _become(json.loads(message), ends)
        for end in ends:
            os.close(end)
        told.send(str(number).encode())


def _become(function: dict[str, Any], ends: list[int]) -> None:
    """Be what `python script` would be with these streams, this environment and this folder. Does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream, end in enumerate(ends):
        os.dup2(end, stream)
        os.close(end)
    os.environ.clear()
    os.environ.update(function["environment"])
    os.chdir(function["folder"])
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    script = Path(function["script"])
    sys.path[0], sys.argv = str(script.parent), [str(script)]
    try:
        runpy.run_path(str(script), run_name="__main__")
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    # Whoever interrupts the command interrupts all of its processes: that is nothing to report.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # As for a script: the first place is its folder, and this one's holds nothing that a function may import.
    sys.path[0] = ""
    for module in IMPORTED_BY_ALL:
        importlib.import_module(module)
    # What is shared stays shared: no process looks through it for garbage, which would also copy it.
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=0))
