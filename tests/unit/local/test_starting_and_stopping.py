"""What was started is stopped with its children and nothing else is; an emptied sandbox keeps what was installed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from local import prepare
from local.processes import Part, Parts, free_port

# A server that leaves a child behind, in its own group.
SERVER = """
import http.server, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[2], "w").write(str(child.pid))
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_stopping_leaves_no_child_and_touches_nobody_else(tmp_path: Path) -> None:
    port, told = free_port(), tmp_path / "child"
    parts = Parts(tmp_path, tmp_path)
    parts.start(Part("server", [sys.executable, "-c", SERVER, str(port), str(told)], port, "/"))
    parts.wait("server")
    server, child = parts.started[0].process.pid, int(told.read_text())
    assert lives(server)
    assert lives(child)
    parts.stop()
    end = time.monotonic() + 5
    while lives(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not lives(server)
    assert not lives(child)
    assert parts.started == []
    assert lives(os.getpid())


def test_a_reset_empties_the_sandbox_and_keeps_what_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in ("run/state/cloud.json", "venv-cloud/bin/python"):
        (tmp_path / kept).parent.mkdir(parents=True)
        (tmp_path / kept).write_text("x")
    monkeypatch.setattr(prepare, "LOCAL", tmp_path)
    monkeypatch.setattr(sys, "argv", ["prepare", "--reset"])
    prepare.main()
    assert [path.name for path in tmp_path.iterdir()] == ["venv-cloud"]
    prepare.main()
