"""One browser driver for all folders, Playwright has one a process; one sandbox and one Chromium for the journeys."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.looking import AXE, CAMERA, CHROMIUM, SHOTS, SITE
from tests.sandbox import LEFT_BY_MAKE_RUN, PEOPLE, Sandbox, sandbox

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# As long as Playwright waits for everything else: pages are looked at beside the sandboxes, with what these leave.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing passes here without having looked: where browser or built site are missing, the run ends."""
    here = any(Path(__file__).parent in item.path.parents for item in items)
    needed = {
        "the browser (`make setup` installs chromium-headless-shell with root; else ask whoever has it)": CHROMIUM,
        "axe (npm ci)": AXE,
        "the built site (npm run web:build)": SITE / "index.html",
    }
    missing = [name for name, path in needed.items() if path is None or not Path(path).exists()]
    if here and missing:
        raise pytest.UsageError(f"The browser tests cannot run. Missing: {'; '.join(missing)}.")


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What starts browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def ryoji(pytestconfig: pytest.Config) -> Iterator[Sandbox]:
    """The running sandbox: the one that `make run` has left, where its test ran before; else a new one."""
    left = pytestconfig.stash.get(LEFT_BY_MAKE_RUN, None)
    with sandbox(left or "test-browser", goes_on=left is not None) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium without windows, whose camera sees the applicant of the renewal."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    camera = _camera(tmp_path_factory.mktemp("camera") / "visitor.mjpeg")
    browser = driver.chromium.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, *CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    )
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
