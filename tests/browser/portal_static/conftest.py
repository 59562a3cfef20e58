"""The built portal in a browser, with the front end developers' stand-in behind it (web/dev/mock-api.mjs)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import BLANK, ROOT, Windows, complaints_of, settle


@dataclass(frozen=True)
class Portal:
    """Where the site is, and what the stand-in behind it should do."""

    origin: str

    def behave(self, **how: object) -> None:
        """`fail=503` makes every call fail, `findings="fail"` every check; `fail=0, findings="pass"` is usual."""
        self._send("POST", "/mock", how)

    def keep(self, case: str, section: str, answers: dict[str, object]) -> None:
        """What somebody has answered already."""
        self._send("PUT", f"/api/cases/{case}/sections/{section}", {"answers": answers})

    def _send(self, verb: str, path: str, body: dict[str, object]) -> None:
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.origin + path, json.dumps(body).encode(), kind, method=verb)
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


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, windows: Windows, portal: Portal) -> Iterator[Open]:
    """Opens a page in a new tab, of a window of its own where asked for; `signed_in` puts a session into the tab.

    What the browser complains about fails the test.
    """
    portal.behave(reset=True, fail=0, findings="pass")
    pages: list[Page] = []
    complaints: list[list[str]] = []

    def opened(
        path: str, *, width: int = 1280, signed_in: bool = True, alone: bool = False, **options: Any
    ) -> Page:
        page = chromium.new_page() if alone else windows.tab(portal.origin, **options)
        pages.append(page)
        complaints.append(complaints_of(page, "error", "warning"))
        page.set_viewport_size({"width": width, "height": 800})
        if signed_in:
            page.goto(portal.origin + BLANK)
            _sign_in(page)
        arrive(page, portal.origin + path)
        return page

    yield opened
    for page in pages:
        page.close()
    assert [text for each in complaints for text in each] == []


def _sign_in(page: Page) -> None:
    session = {"access": "a", "email": "hanako@example.jp", "expiresAt": time.time() + 3600}
    page.evaluate("text => sessionStorage.setItem('ryoji.session', text)", json.dumps(session))


def arrive(page: Page, address: str) -> None:
    """Go there, and wait until all is there."""
    page.goto(address)
    page.wait_for_selector("h1")
    settle(page)
