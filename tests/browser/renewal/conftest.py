"""A browser whose camera sees the applicant of the renewal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright

from tests.browser.looking import CAMERA, launch
from tests.sandbox import PEOPLE


@pytest.fixture(scope="session")
def chromium(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Her picture is chosen when the browser starts."""
    film = _camera(tmp_path_factory.mktemp("camera") / "visitor.mjpeg")
    browser = launch(driver, *CAMERA, f"--use-file-for-fake-video-capture={film}")
    yield browser
    browser.close()


def _camera(path: Path) -> Path:
    """What the counter's camera sees: the visitor before the wall, frame after frame."""
    with Image.open(PEOPLE / "hanako.jpg") as opened:
        visitor = opened.convert("RGB")
    visitor.thumbnail((720, 720))
    frame = Image.new("RGB", (1280, 720), (230, 230, 230))
    frame.paste(visitor, ((1280 - visitor.width) // 2, 0))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=92)
    path.write_bytes(out.getvalue() * 30)
    return path
