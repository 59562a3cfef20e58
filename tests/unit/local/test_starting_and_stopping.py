"""What was started is stopped with its children and nothing else is; an emptied sandbox keeps what was installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import local.run
import tests.sandbox
from local import prepare
from local.lock import held
from local.places import ROOT
from local.processes import CannotStart, Part, Parts, free_port

IN_THE_WAY = "it is running in another terminal"

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


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_started_ends_with_who_started_it(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    words = "import sys, time; from pathlib import Path; from local.processes import Part, Parts\n"
    words += f"here = Path({str(tmp_path)!r}); parts = Parts(here, here)\n"
    words += f"part = Part('server', [sys.executable, '-m', 'http.server', '{port}'], {port}, '/')\n"
    words += "parts.start(part); parts.wait('server')\n"
    words += "print(parts.started[0].process.pid, flush=True); time.sleep(600)"
    command = [sys.executable, "-c", words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        server = int(starter.stdout.readline())
        assert lives(server)
        starter.send_signal(how)
        starter.wait()
    end = time.monotonic() + 10
    while lives(server) and time.monotonic() < end:
        time.sleep(0.02)
    assert not lives(server)


def test_a_reset_empties_the_sandbox_and_keeps_what_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in ("run/state/cloud.json", "venv-cloud/bin/python"):
        (tmp_path / kept).parent.mkdir(parents=True)
        (tmp_path / kept).write_text("x")
    monkeypatch.setattr(prepare, "LOCAL", tmp_path)
    monkeypatch.setattr(sys, "argv", ["prepare", "--reset"])
    prepare.main()
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "run/lock",
        "venv-cloud/bin/python",
    ]
    assert not (tmp_path / "run" / "state").exists()
    prepare.main()


def test_a_reset_under_a_running_sandbox_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "run" / "state" / "cloud.json"
    state.parent.mkdir(parents=True)
    state.write_text("x")
    monkeypatch.setattr(prepare, "LOCAL", tmp_path)
    monkeypatch.setattr(sys, "argv", ["prepare", "--reset"])
    with held(tmp_path / "run"), pytest.raises(SystemExit) as ended:
        prepare.main()
    assert ended.value.code == 1
    assert IN_THE_WAY in capsys.readouterr().err
    assert state.read_text() == "x"


def test_a_second_run_is_told_where_the_first_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(local.run, "LOCAL", tmp_path)
    monkeypatch.setattr(local.run, "Running", None)  # it does not come so far
    with held(tmp_path / "run"):
        assert local.run.main([]) == 1
    said = capsys.readouterr().err
    assert IN_THE_WAY in said
    assert f"process {os.getpid()}" in said


def test_a_test_s_sandbox_does_not_empty_another_s_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests.sandbox, "LOCAL", tmp_path)
    kept = tmp_path / "test" / "kept"
    with held(kept.parent):
        kept.write_text("x")
        with pytest.raises(CannotStart, match=IN_THE_WAY), tests.sandbox.sandbox("test"):
            pass
    assert kept.exists()


def test_a_lock_goes_with_its_holder_however_that_ends(tmp_path: Path) -> None:
    words = "import os, sys; from pathlib import Path; from local.lock import held\n"
    words += "with held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", words, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(CannotStart, match=f"process {holder.pid}"), held(tmp_path):
            pass
        holder.kill()
    with held(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
