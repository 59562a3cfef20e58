"""One browser driver for all folders: Playwright has one a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.browser.looking import AXE, CHROMIUM, SITE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where browser or built site are missing: `npm ci && npm run web:build` makes the latter."""
    missing = [
        str(path) for path in (CHROMIUM, AXE, SITE / "index.html") if path is None or not Path(path).exists()
    ]
    for item in items:
        if missing and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"not here: {', '.join(missing)}"))


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What starts browsers."""
    with sync_playwright() as started:
        yield started
