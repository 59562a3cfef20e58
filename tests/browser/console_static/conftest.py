"""The built console before a stand-in API, in Chromium, with a camera that shows a test picture."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.looking import BLANK, ROOT, SITE, Windows, complaints_of, too_wide, violations

BUILT = SITE / "console.html"


@pytest.fixture(scope="session")
def desk() -> Iterator[str]:
    """The address of a fresh stand-in."""
    if not BUILT.exists():
        pytest.fail("the site is not built: npm run web:build")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(ROOT / "web" / "dev" / "mock-desk.mjs"), str(BUILT.parent), str(port)]
    with subprocess.Popen(command) as stand_in:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/settings.json")
            yield address
        finally:
            stand_in.terminate()


def _wait_for(address: str) -> None:
    for _attempt in range(50):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


class Officer:
    """Somebody at the console, in one language and one size of window."""

    def __init__(self, page: Page, desk: str, language: str) -> None:
        self.page, self.desk, self.language = page, desk, language
        self.texts: dict[str, str] = json.loads(
            (ROOT / "web" / "messages" / f"console.{language}.json").read_text(encoding="utf-8")
        )
        # A refused command is shown by the page; what counts here is what the policy or the code would not do.
        self.refused = complaints_of(page, "error", "warning")

    def sign_in(self) -> None:
        """Name, password and second factor."""
        self.page.goto(f"{self.desk}/console/")
        self.field("sign_in.username").fill("hana")
        self.field("sign_in.password").fill("officer")
        self.button("sign_in.next").click()
        self.field("sign_in.code").fill("123456")
        self.button("sign_in.finish").click()

    def sit_down(self, path: str = "") -> None:
        """Signed in before this tab was opened, which costs less; at that page of the console."""
        self.page.goto(self.desk + BLANK)
        kept = json.dumps({"username": "hana", "refresh": "r-hana"})
        self.page.evaluate("kept => sessionStorage.setItem('ryoji.console.session', kept)", kept)
        if path:
            self.page.goto(self.desk + path)

    def look_at_queue(self) -> None:
        """The queue of the officer's first desk."""
        self.sit_down("/console/")
        self.page.wait_for_selector("table")

    def open_case(self, number: int) -> None:
        """The stand-in's case of this number."""
        self.page.goto(f"{self.desk}/console/cases/01JDE5K0{number:03d}W8Q4Z7M2T9R3YH")
        self.page.get_by_role("heading", name=self.texts["actions.title"], exact=True).wait_for()

    def button(self, key: str) -> Any:
        """A button by the key of its text."""
        return self.page.get_by_role("button", name=self.texts[key], exact=True)

    def button_named(self, name: str) -> Any:
        """A button by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, key: str) -> Any:
        """A control by the key of its label."""
        return self.page.get_by_label(self.texts[key], exact=True)

    def barriers(self) -> list[Any]:
        """What axe finds on the page as it stands."""
        return violations(self.page)

    def too_wide(self) -> int:
        """Pixels by which the page must be scrolled sideways."""
        return too_wide(self.page)

    def see(self, sizes: list[tuple[int, int]]) -> None:
        """The page as it stands in windows of these sizes: nothing must be scrolled sideways, axe finds nothing.

        Axe looks at the first and the last size: the others lie between.
        """
        for width, height in sizes:
            self.page.set_viewport_size({"width": width, "height": height})
            axe = (width, height) in (sizes[0], sizes[-1])
            assert (self.barriers() if axe else [], self.too_wide()) == ([], 0), (width, height)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "in_each_language: the officer reads Japanese, and then English")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Screens are looked at in each language; what can be done at them is tried by an officer who reads Japanese."""
    if "officer" in metafunc.fixturenames:
        each = any(metafunc.definition.iter_markers("in_each_language"))
        metafunc.parametrize("officer", ["ja", "en"] if each else ["ja"], indirect=True)


@pytest.fixture
def officer(request: pytest.FixtureRequest, desk: str, windows: Windows) -> Iterator[Officer]:
    """An officer before a fresh tab, in the language of the test."""
    control(desk, conflict=False, fail=0, visas="afresh")
    locale = {"ja": "ja-JP", "en": "en-GB"}[request.param]
    size = {"width": 1280, "height": 900}
    page = windows.tab(desk, locale=locale, timezone_id="Asia/Singapore", viewport=size)
    sitting = Officer(page, desk, request.param)
    yield sitting
    page.close()
    assert sitting.refused == []


def control(desk: str, **what: object) -> None:
    """Tell the stand-in what to do next."""
    request = urllib.request.Request(f"{desk}/mock", data=json.dumps(what).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=5):
        pass
