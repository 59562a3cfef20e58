"""The command `ryoji` as scripts run it, a process of its own, before the recognition stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.journey import passport_page, person
from simulators.people.variants import PICTURES

pytestmark = pytest.mark.recognition

PACKAGES = Path(__file__).resolve().parents[3] / "layers/ryoji/python"
HANAKO, KENICHI = PICTURES / "hanako.jpg", PICTURES / "kenichi.jpg"


def run(*arguments: object, **environment: str) -> tuple[int, list[dict[str, Any]], str]:
    """The exit status, the answers (one a line) and what was complained of."""
    done = subprocess.run(
        [sys.executable, "-m", "ryoji", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGES), **environment},
        timeout=60,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Hanako's passport page, with her picture."""
    path = tmp_path / "page.jpg"
    path.write_bytes(passport_page(person("yamada-hanako"), HANAKO.read_bytes(), 12))
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The first half of a picture."""
    path = tmp_path / "broken.jpg"
    path.write_bytes(HANAKO.read_bytes()[: HANAKO.stat().st_size // 2])
    return path


def test_a_line_for_each_file_in_their_order(aws: None, page: Path, broken: Path) -> None:
    status, (bad, good), err = run("mrz", broken, page)
    assert (status, err) == (1, "")
    assert bad == {"file": str(broken), "error": "broken_image"}
    assert (good["file"], good["type"], good["valid"], good["ambiguous"]) == (str(page), "TD3", True, False)
    assert good["lines"][0] == "P<JPNYAMADA<<HANAKO".ljust(44, "<")
    assert (good["fields"]["number"], good["fields"]["birth_date"]) == ("TR7654321", "1990-01-02")


def test_a_portrait_that_keeps_the_rules(aws: None) -> None:
    status, (said,), err = run("portrait", HANAKO)
    assert (status, err) == (0, "")
    assert (said["file"], said["check"], said["outcome"]) == (str(HANAKO), "portrait", "pass")
    assert said["reasons"] == []


def test_a_portrait_that_fails_is_an_answer_and_a_broken_one_is_not(
    aws: None, page: Path, broken: Path
) -> None:
    status, (said,), _ = run("portrait", page)
    assert (status, said["outcome"]) == (0, "fail")
    assert {"code", "measured", "required", "unit"} <= set(said["reasons"][0])
    status, (said,), err = run("portrait", broken)
    assert (status, said, err) == (1, {"file": str(broken), "error": "broken_image"}, "")


def test_two_faces_get_a_band_and_never_a_verdict(aws: None, page: Path, broken: Path) -> None:
    bands = {}
    for portrait in (HANAKO, KENICHI):
        status, (said,), err = run("faces", portrait, page)
        assert (status, err, said["files"]) == (0, "", [str(portrait), str(page)])
        bands[portrait] = said["facts"]["band"]
    assert bands == {HANAKO: "very_close", KENICHI: "not_close"}
    status, (said,), err = run("faces", HANAKO, broken)
    assert (status, said, err) == (1, {"file": str(broken), "error": "broken_image"}, "")


def test_a_service_that_does_not_answer_is_said_in_a_sentence(aws: None, page: Path) -> None:
    status, answers, err = run("mrz", page, AWS_ENDPOINT_URL_TEXTRACT="http://127.0.0.1:9")
    assert (status, answers) == (3, [])
    assert err.startswith("ryoji: A service does not answer")
    assert len(err.splitlines()) == 1
