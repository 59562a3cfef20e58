from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PYTHON = Path(os.environ.get("RECOGNITION_PYTHON", ROOT / ".local/venv-recognition/bin/python"))
SECONDS_TO_START = 120


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "recognition: needs the recognition stand-in's own environment and its models"
    )


@pytest.fixture(scope="session")
def recognition_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The stand-in, started on a free port from its own environment."""
    if not PYTHON.exists():
        pytest.fail("the recognition stand-in's environment is not installed")
    ready = tmp_path_factory.mktemp("recognition") / "port"
    command = [str(PYTHON), "-m", "local.recognition", "--port", "0", "--ready-file", str(ready)]
    # Several tests look at one picture, each at something else.
    command += ["--remember", "64"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{_port(process, ready)}"
        finally:
            process.terminate()


def _port(process: subprocess.Popen[bytes], ready: Path) -> int:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail("the recognition stand-in ended before it was ready")
        if ready.exists() and ready.read_text().strip():
            return int(ready.read_text())
        time.sleep(0.2)
    pytest.fail("the recognition stand-in was not ready in time")


@pytest.fixture
def aws(recognition_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment that points AWS's own SDK at the stand-in."""
    from ryoji.adapters.aws import client

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_TEXTRACT", recognition_url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_REKOGNITION", recognition_url)
    client.cache_clear()
    yield
    client.cache_clear()


@pytest.fixture
def textract(aws: None) -> Any:
    from ryoji.adapters.aws import client

    return client("textract")


@pytest.fixture
def rekognition(aws: None) -> Any:
    from ryoji.adapters.aws import client

    return client("rekognition")
