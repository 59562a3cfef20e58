"""One sandbox and one Chromium for the travellers' journeys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.travellers.travelling import SHOTS
from tests.sandbox import Sandbox, sandbox


@pytest.fixture(scope="package")
def ryoji() -> Iterator[Sandbox]:
    """The running sandbox."""
    with sandbox("test-travellers-browser") as running:
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
