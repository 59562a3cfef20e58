"""Functions' processes that are forked, as the local cloud starts and ends them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.function_processes import WORKER, CannotFork, Templates
from local.places import DEPENDENCIES, venv_python

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are forked on Linux only")

Start = Callable[..., Any]
TELLING = """
import json, os, sys
print("to the log", file=sys.stderr)
for line in sys.stdin:
    place = [os.environ.get("WHO"), os.environ.get("ONLY_ONE"), os.getcwd(), sys.path[0], __name__]
    print(json.dumps([line.strip(), *place, "pynamodb" in sys.modules]), flush=True)
"""


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    templates, started = Templates(), []

    def starting(folder: Path, script: str, **environment: str) -> Any:
        folder.mkdir()
        worker = folder / WORKER
        worker.write_text(script)
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(DEPENDENCIES), **environment}
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [str(venv_python("cloud")), str(worker)]
        process = templates.start(command, cwd=str(folder), env=env, text=True, bufsize=1, **pipes)
        started.append(process)
        return process

    yield starting
    for process in started:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
    templates.end()


def test_what_cannot_be_imported_is_an_error_for_each_that_asks(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "boto3.py").write_text("raise ImportError('no boto3 here')")
    templates = Templates()
    for _ in range(2):
        with pytest.raises(CannotFork):
            templates.start(
                [str(venv_python("cloud")), str(tmp_path / WORKER)],
                cwd=str(tmp_path),
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
            )
    templates.end()
    assert "no boto3 here" in capfd.readouterr().err


def asked(process: Any, question: str) -> list[Any]:
    process.stdin.write(f"{question}\n")
    process.stdin.flush()
    answer: list[Any] = json.loads(process.stdout.readline())
    return answer


def test_each_has_its_own_environment_folder_and_streams_and_the_packages(
    start: Start, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    one, two = start(first, TELLING, WHO="領事", ONLY_ONE="yes"), start(second, TELLING, WHO="two")
    assert asked(two, "旅券") == ["旅券", "two", None, str(second), str(second), "__main__", True]
    assert asked(one, "査証") == ["査証", "領事", "yes", str(first), str(first), "__main__", True]
    assert (one.stderr.readline(), two.stderr.readline()) == ("to the log\n", "to the log\n")


def test_it_ends_when_nobody_can_ask_it_any_more(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path / "it", TELLING)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(timeout=20) == 0 == process.poll()
    assert process.stdout.readline() == ""


def test_it_is_ended_and_another_goes_on(start: Start, tmp_path: Path) -> None:
    it, other = start(tmp_path / "it", TELLING), start(tmp_path / "other", TELLING)
    with pytest.raises(subprocess.TimeoutExpired):
        it.wait(timeout=0.01)
    it.terminate()
    assert it.wait(timeout=20) == 0
    it.kill()
    assert asked(other, "still there?")[0] == "still there?"


def test_what_it_throws_is_in_its_log(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path / "it", "raise SystemError('broken')")
    assert process.wait(timeout=20) == 0
    assert "SystemError: broken" in process.stderr.read()


def test_what_interrupts_the_command_leaves_no_message(start: Start, tmp_path: Path) -> None:
    process = start(tmp_path / "it", TELLING)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert process.stderr.read() in ("", "to the log\n")
