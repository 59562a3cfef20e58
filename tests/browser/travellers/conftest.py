"""What a traveller's failed journey leaves behind, for whoever mends it."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator

import pytest

from local import cloud_logs
from tests.browser.travellers.travelling import OPEN, SHOTS
from tests.sandbox import Sandbox


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, object, object]:
    """A picture and the complaints of the page on which a test failed; its windows are closed."""
    report = yield
    if call.when == "call":
        if call.excinfo:
            sys.stdout.write("\n".join(said(item.funcargs["ryoji"])))  # type: ignore[attr-defined]  # a function's has them
        for window in OPEN:
            if call.excinfo:
                window.page.screenshot(path=str(SHOTS / f"failed-{item.name[:40]}.png"), full_page=True)
                sys.stdout.write(f"\n{window.page.url} {window.complaints}\n")
            window.page.context.close()
        OPEN.clear()
    return report


def said(ryoji: Sandbox) -> Iterator[str]:
    """What the functions have logged as errors."""
    logs = ryoji.running.client("logs")
    for group in cloud_logs.groups(logs, logGroupNamePrefix=cloud_logs.OF_FUNCTIONS):
        for event in cloud_logs.events(logs, group):
            if "ERROR" in event["message"] or "Traceback" in event["message"]:
                yield f"{group} {event['message'][:3000]}"
