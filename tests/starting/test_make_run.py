"""What `make run` starts: it says where to go, ends on Ctrl-C with nothing left, and goes on where it was.

The journeys in the browser take place in what this leaves running.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from local.api import Caller, applicant_token
from local.lock import empty, held
from local.places import LOCAL, ROOT
from local.processes import free_port, is_free, leashed
from local.seed import AGENTS, APPLICANTS, OFFICERS, PASSWORD
from tests.sandbox import LEFT_BY_MAKE_RUN, PICTURES

HOME = LOCAL / "test-starting"
MARK = "RYOJI_STARTED_BY_TEST"
PATIENCE = 600.0


def marked(mark: str) -> list[str]:
    """The processes that descend from the one that was given the mark: every child inherits it."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def waited_for(reached: Callable[[], bool], what: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, what()
        time.sleep(0.2)


@pytest.fixture(scope="session")
def at_the_end() -> Iterator[ExitStack]:
    """What is to be done when all tests are over, the journeys in the browser too."""
    with ExitStack() as stack:
        yield stack


@contextmanager
def started(port: int, mark: str, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`make run`'s process in a session of its own, as a terminal gives it one, after it said where to go."""
    command = [sys.executable, "-m", "local.run", "--home", HOME.name, "--remember", str(PICTURES)]
    environment = {**os.environ, "RYOJI_PORT": str(port), MARK: mark}
    with said.open("wb") as out:
        process = subprocess.Popen(
            leashed(command), cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        waited_for(
            lambda: "Ctrl-C stops all of it" in said.read_text() or process.poll() is not None,
            lambda: f"it did not come to its end: {said.read_text()}",
        )
        assert process.poll() is None, said.read_text()
        yield process
    finally:
        if process.poll() is None:
            interrupt(process)


def interrupt(process: subprocess.Popen[bytes]) -> int:
    """Ctrl-C: the terminal sends it to the whole foreground group; the exit status."""
    os.killpg(process.pid, signal.SIGINT)
    return process.wait(timeout=120)


def interrupt_well(process: subprocess.Popen[bytes]) -> None:
    assert interrupt(process) == 0


def applicant(origin: str) -> Caller:
    settings = json.loads((HOME / "settings.json").read_text())
    return Caller(origin, applicant_token(settings, "misaki@example.jp", PASSWORD))


def ports() -> dict[str, int]:
    known: dict[str, int] = json.loads((HOME / "ports.json").read_text())
    return known


def wait_until_nothing_is_left(mark: str) -> None:
    waited_for(
        lambda: marked(mark) == [] and all(is_free(port) for port in ports().values()),
        lambda: f"these are left: {marked(mark)}",
    )


def seconds(said: str) -> float:
    """By its own clock, when it was ready."""
    found = re.search(r"\[ *([0-9.]+) s\] Ready", said)
    assert found
    return float(found[1])


def test_it_starts_stops_and_goes_on_where_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
    pytestconfig: pytest.Config,
    at_the_end: ExitStack,
) -> None:
    with held(HOME):
        empty(HOME)
    port, mark = free_port(), uuid.uuid4().hex
    said = tmp_path_factory.mktemp("said")
    origin, first, second = f"http://localhost:{port}", said / "first", said / "second"

    with started(port, mark, first) as process:
        assert len(marked(mark)) > 8  # the parts carry the mark: what is left of them would be found
        for page in (f"{origin}/", f"{origin}/console/", f"{origin}/simulators/card/"):
            assert page in first.read_text()
        for account in (*APPLICANTS, *AGENTS, *(officer.username for officer in OFFICERS), PASSWORD):
            assert account in first.read_text()
        case = applicant(origin).ok("POST", "/cases", {"procedure": "passport-renewal", "language": "en"})
        interrupt_well(process)
    wait_until_nothing_is_left(mark)

    at_the_end.callback(wait_until_nothing_is_left, mark)
    process = at_the_end.enter_context(started(port, mark, second))
    at_the_end.callback(interrupt_well, process)
    again = applicant(origin).ok("GET", f"/cases/{case['case_id']}")
    assert (again["reference"], again["status"]) == (case["reference"], "draft")
    the_command_finds_it(case["case_id"])

    for name, words in (("first", first), ("second", second)):
        took = seconds(words.read_text())
        record_property(f"{name}_start_seconds", took)
        sys.stdout.write(f"The {name} start took {took} s.\n")
    pytestconfig.stash[LEFT_BY_MAKE_RUN] = HOME


def the_command_finds_it(case_id: str) -> None:
    """By the file that the sandbox writes for it, sourced as docs/command.md says."""
    command = shlex.join([sys.executable, "-m", "ryoji", "verify-history", case_id])
    ended = subprocess.run(
        ["bash", "-c", f". {shlex.quote(str(HOME / 'aws.env'))}; {command}"],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "PYTHONPATH": str(ROOT / "layers" / "ryoji" / "python"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        pytest.fail(ended.stdout + ended.stderr)
    said = json.loads(ended.stdout)
    assert (said["case"], said["holds"], said["actions"]) == (case_id, True, 1)
