"""One browser driver for all folders, Playwright has one a process; one Chromium; one sandbox for the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.looking import AXE, CAMERA, CHROMIUM, SITE, Windows, launch
from tests.sandbox import LEFT_BY_MAKE_RUN, Sandbox, sandbox, sandbox_of_another_process

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
    if left:
        yield sandbox_of_another_process(left)
        return
    with sandbox("test-browser") as running:
        yield running


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser for all tests, whose camera shows whatever size it is asked for."""
    browser = launch(driver, *CAMERA)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    """Where who only looks, or does what leaves no trace in the window, opens a tab."""
    return Windows(chromium)
