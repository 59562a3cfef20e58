"""What a machine lacks is said in a sentence that says what to do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import local.run
from local import ports, prepare
from local.places import Home
from local.processes import CannotStart, Part, Parts, free_port
from local.running import Running
from simulators.specimens import typefaces

ROOT = Path(__file__).parents[3]


def tool(folder: Path, name: str, text: str) -> Path:
    """A program that says one thing."""
    made = folder / name
    made.write_text(f"#!/bin/sh\n{text}\n")
    made.chmod(0o755)
    return made


def make(target: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "-C", str(ROOT), target, *(f"{name}={value}" for name, value in variables.items())]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_old_python_is_named_with_what_to_do(tmp_path: Path) -> None:
    old = tool(tmp_path, "python3", '[ "$1" = --version ] && echo Python 3.6.15 && exit 0; exit 1')
    ended = make("setup", PYTHON=str(old))
    assert ended.returncode != 0
    assert "it needs Python 3.11 or later, and there is Python 3.6.15." in ended.stderr
    assert "make run PYTHON=" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_python_is_said_too() -> None:
    ended = make("setup", PYTHON="python-that-is-not-there")
    assert "there is no python-that-is-not-there." in ended.stderr
    assert ended.returncode != 0


def test_this_python_is_good_enough() -> None:
    assert make("python", PYTHON=sys.executable).returncode == 0


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({}, "and there is none"),
        ({"node": "echo v22.1.0"}, "and there is none"),
        *(
            ({"node": f"echo {version}", "npm": "true"}, f"this is {version}")
            for version in ("v18.19.1", "v20.18.3", "v21.7.3", "v22.11.0", "v23.11.1")
        ),
    ],
)
def test_node_and_npm_are_asked_for(
    tmp_path: Path,
    there: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, text in there.items():
        tool(tmp_path, name, text)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        prepare.node()
    assert ended.value.code == 1
    sentence = capsys.readouterr().err
    assert "it needs Node.js (20 from 20.19, 22 from 22.12, or 24 and later)" in sentence
    assert said in sentence


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v22.20.0", "v24.0.0", "v26.1.0"])
def test_a_node_that_builds_the_site_is_good_enough(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"node": f"echo {version}", "npm": "true"}.items():
        tool(tmp_path, name, text)
    monkeypatch.setenv("PATH", str(tmp_path))
    prepare.node()


def test_npm_and_the_page_are_told_the_same_of_node() -> None:
    said = "^20.19.0 || ^22.12.0 || >=24.0.0"
    assert json.loads((ROOT / "package.json").read_text())["engines"]["node"] == said
    assert json.loads((ROOT / "package-lock.json").read_text())["packages"][""]["engines"]["node"] == said
    assert prepare.NODES in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("apt", [True, False])
def test_without_root_or_apt_it_says_what_to_install_and_goes_on(
    tmp_path: Path, apt: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if apt:
        tool(tmp_path, "apt-get", "exit 9")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    prepare.packages_of_the_system()
    said = capsys.readouterr().out
    assert ("Without root:" if apt else "Without apt:") in said
    assert "chromium-headless-shell fontconfig fonts-dejavu-core fonts-noto-cjk fonts-ocr-b" in said
    assert ("sudo apt-get install" in said) == apt


def no_typeface(family: str, _style: str = "Regular") -> str:
    raise typefaces.NoTypeface(family)


def test_without_typefaces_the_sandbox_starts_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(typefaces, "file_of", no_typeface)
    monkeypatch.setattr(local.run, "LOCAL", tmp_path)
    monkeypatch.setattr(local.run, "home", lambda name: Home(tmp_path / name))
    monkeypatch.setattr(local.run, "_STOP_SIGNALS", ())
    monkeypatch.setattr(local.run, "_watch", lambda _running: 0)
    monkeypatch.setattr(Running, "start", lambda _running: None)
    assert local.run.main([]) == 0
    said = capsys.readouterr().out
    assert "Ready" in said
    assert "the typeface OCR B is not installed" in said
    assert "sudo apt-get install fontconfig fonts-dejavu-core fonts-ocr-b" in said


@pytest.mark.parametrize("asked", ["abc", "80", "0", "-1", "65536", "8080 ", "٨٠٨٠"])
def test_a_port_that_cannot_be_is_said(asked: str) -> None:
    with pytest.raises(ValueError, match="must be a number from 1024 to 65535"):
        ports.wanted({"RYOJI_PORT": asked})


def test_a_port_is_asked_for_or_not() -> None:
    assert ports.wanted({}) == ports.wanted({"RYOJI_PORT": ""}) == {}
    assert ports.wanted({"RYOJI_PORT": "8123"}) == {"site": 8123}


def test_a_port_that_is_insisted_on_and_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ValueError, match=f"port {port} for the site is taken.*RYOJI_PORT"):
            ports.choose(Home(tmp_path), {"site": port})


def test_a_part_that_ends_at_once_is_named_with_its_last_words(tmp_path: Path) -> None:
    words = "import sys; sys.exit('the model is missing')"
    parts = Parts(tmp_path, tmp_path)
    try:
        parts.start(Part("recognition", [sys.executable, "-c", words], free_port(), "/health"))
        with pytest.raises(CannotStart, match=r"(?s)recognition ended at once.*the model is missing"):
            parts.wait("recognition")
    finally:
        parts.stop()


def test_a_part_that_never_answers_is_named_with_its_log(tmp_path: Path) -> None:
    port = free_port()
    parts = Parts(tmp_path, tmp_path)
    silent = [sys.executable, "-c", "import time; time.sleep(600)"]
    try:
        parts.start(Part("recognition", silent, port, "/health", seconds=1))
        with pytest.raises(CannotStart) as failed:
            parts.wait("recognition")
    finally:
        parts.stop()
    assert str(failed.value) == (
        f"recognition did not answer at http://127.0.0.1:{port}/health within 1 seconds. "
        f"Its log is {tmp_path / 'recognition.log'}."
    )


@pytest.mark.parametrize(("library", "anew"), [(prepare.OWN_LIBRARY, False), ("python3.99", True)])
def test_an_environment_of_another_python_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str, anew: bool
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(prepare, "keep", lambda _name, _files: None)
    monkeypatch.setattr(prepare, "fresh", lambda _name, _files: False)
    monkeypatch.setattr(prepare, "run", lambda command, _name: ran.append(command))
    monkeypatch.setattr(prepare, "install", lambda *_: None)
    (tmp_path / "venv" / "lib" / library).mkdir(parents=True)
    prepare.make_environment("a test", tmp_path / "venv", ["stripe"])
    (made,) = ran
    assert ("--clear" in made) is anew


def installed(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *, uv: int
) -> list[tuple[list[str], dict[str, str]]]:
    """What is run to install into an environment, where uv ends so."""
    ran = []

    def logged(
        command: list[str], _name: str, more: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        ran.append((command, more or {}))
        return subprocess.CompletedProcess(command, uv if command[0].endswith("/uv") else 0)

    monkeypatch.setattr(prepare, "logged", logged)
    prepare.install(folder, ["-r", "some.txt"], "a test")
    return ran


@pytest.mark.parametrize(("uv", "tools"), [(0, ["uv"]), (2, ["uv", "pip"])])
def test_where_uv_finds_no_way_pip_tries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uv: int, tools: list[str]
) -> None:
    ran = installed(monkeypatch, tmp_path, uv=uv)
    assert ["uv" if command[0].endswith("/uv") else command[2] for command, _ in ran] == tools
    into = {name: told[f"{name.upper()}_PYTHON"] for name, (_, told) in zip(tools, ran, strict=True)}
    assert set(into.values()) == {str(tmp_path / "bin" / "python")}
    assert all("--require-hashes" in command and command[-1] == "some.txt" for command, _ in ran)


def test_uv_is_told_what_pip_has_been_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://a.example/simple https://b.example/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels more-wheels")
    monkeypatch.delenv("UV_INDEX", raising=False)
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    # Asked once for all environments of a setup.
    told = prepare.settings_for_uv.__wrapped__()
    assert told["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert told["UV_FIND_LINKS"] == "wheels,more-wheels"
    monkeypatch.setenv("UV_INDEX", "https://c.example/simple")
    assert "UV_INDEX" not in prepare.settings_for_uv.__wrapped__()
