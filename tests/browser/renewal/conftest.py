"""What a failed journey leaves behind, for whoever mends it."""

from __future__ import annotations

import sys
from collections.abc import Generator

import pytest

from tests.browser.looking import SHOTS
from tests.browser.travellers.conftest import said


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, object, object]:
    """A picture of every page that was open, and what the functions have logged as errors."""
    report = yield
    if call.when == "call" and call.excinfo:
        given = item.funcargs  # type: ignore[attr-defined]  # a function's has them
        pages = [page for context in given["chromium"].contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=str(SHOTS / f"failed-{number}.png"), full_page=True)
            sys.stdout.write(f"\nfailed-{number}.png: {page.url}")
        sys.stdout.write("\n".join(["", *said(given["ryoji"])]))
    return report
