"""The built portal in a browser, with the front end developers' stand-in behind it (web/dev/mock-api.mjs)."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = shutil.which("chromium")
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SITE = ROOT / "web/dist"
# Where to keep pictures of every page, for a person to look at; nowhere unless asked for.
PICTURES = os.environ.get("RYOJI_PICTURES")

AXE_RUN = """axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values:
['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
.then(found => JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where browser or built site are missing: `npm ci && npm run web:build` makes the latter."""
    missing = [
        str(path) for path in (CHROMIUM, AXE, SITE / "index.html") if path is None or not Path(path).exists()
    ]
    for item in items:
        if missing and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"not here: {', '.join(missing) or 'chromium'}"))


@dataclass(frozen=True)
class Portal:
    """Where the site is, and what the stand-in behind it should do."""

    origin: str

    def behave(self, **how: object) -> None:
        """`fail=503` makes every call fail, `findings="fail"` every check; `fail=0, findings="pass"` is usual."""
        request = urllib.request.Request(
            f"{self.origin}/mock",
            json.dumps(how).encode(),
            {"Content-Type": "application/json"},
            method="POST",
        )
        urllib.request.urlopen(request, timeout=5).close()


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """The stand-in, serving the built site on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["node", "web/dev/mock-api.mjs", "web/dist", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield Portal(f"http://localhost:{port}")
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the stand-in did not start")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
        )
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, portal: Portal) -> Iterator[Open]:
    """Opens a page; `signed_in` puts a session into the tab. What the browser complains about fails the test."""
    portal.behave(reset=True, fail=0, findings="pass")
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str, *, width: int = 1280, signed_in: bool = True, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if _is_complaint(said.text, said.type) else None,
        )
        if signed_in:
            page.goto(f"{portal.origin}/mark.svg")
            session = {"access": "a", "email": "hanako@example.jp", "expiresAt": time.time() + 3600}
            page.evaluate("text => sessionStorage.setItem('ryoji.session', text)", json.dumps(session))
        page.goto(portal.origin + path)
        page.wait_for_selector("h1")
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(text: str, kind: str) -> bool:
    # Answers of 4xx and 5xx are logged by the browser itself; tests that want them ask for them.
    return kind in {"error", "warning"} and "Failed to load resource" not in text


def violations(page: Page) -> list[Any]:
    """What axe finds on the page as it is now, run in a world of its own because the page forbids foreign script."""
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8"), "contextId": world})
    answer = session.send(
        "Runtime.evaluate",
        {"expression": AXE_RUN, "contextId": world, "awaitPromise": True, "returnByValue": True},
    )
    found: list[Any] = json.loads(answer["result"]["value"])
    return found


def look_at(page: Page, name: str) -> None:
    """Axe, no sideways scrolling, exactly one main heading; and a picture for those who want to see."""
    page.wait_for_timeout(100)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("h1").count() == 1
