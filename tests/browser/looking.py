"""How a test looks at a page: with axe, for sideways scrolling, at the headings, and with a picture for a person."""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Error, Page, Playwright, Request

from local.places import LOCAL

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "web/dist"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
# The shell is the same Chromium without its windows, and takes half of the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# Where the journeys through the sandbox keep their pictures.
SHOTS = LOCAL / "screenshots"
# Of every site, and without its script.
BLANK = "/mark.svg"
# One process for all tabs of a window keeps what it has compiled, of the site and of axe. Nothing runs here for so
# long that V8's optimising compilers would earn back their time.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
    "--js-flags=--no-opt --no-maglev --always-sparkplug",
)
# A camera that shows something, and no question whether it may.
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# Where to keep pictures of the pages before a stand-in, for a person to look at; nowhere unless asked for.
PICTURES = os.environ.get("RYOJI_PICTURES")
# Answers of 4xx and 5xx are logged by the browser itself; tests that want them ask for them.
_EXPECTED = "Failed to load resource"
_AXE_RUN = """axe.run(document, {resultTypes: ['violations'], preload: false, runOnly: {type: 'tag', values:
['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})
.then(found => JSON.stringify(found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])))"""


# What each page has asked for and not been answered yet.
_UNDER_WAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()
# By which axe is put into each page, and pictures are taken.
_SESSIONS: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()
QUIET_SECONDS, PATIENCE_SECONDS = 0.15, 3.0


def launch(driver: Playwright, *more: str) -> Browser:
    """Debian's Chromium without windows."""
    return driver.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS, *more])


class Windows:
    """A browser's windows: a test has a tab of its own in one that was opened before, which costs half as much."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._first_tabs: dict[str, Page] = {}

    def tab(self, origin: str, **options: Any) -> Page:
        """A new tab in the window with these options (of Playwright's `new_context`), in which nothing is kept.

        Not for who changes the window itself: its clock, its network.
        """
        kind = repr(sorted(options.items()))
        if kind not in self._first_tabs:
            # It stays open: the process ends with its last tab.
            self._first_tabs[kind] = self._browser.new_context(**options).new_page()
            self._first_tabs[kind].goto(origin + BLANK)
        first = self._first_tabs[kind]
        _session_of(first).send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        return first.context.new_page()


def violations(page: Page) -> list[Any]:
    """What axe finds on the page as it is now, run in a world of its own because the page forbids foreign script."""
    session = _session_of(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    # For the same session and document it is the same world: axe is there from the last time.
    world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
    there = {"contextId": world["executionContextId"]}
    known = session.send("Runtime.evaluate", {"expression": "'axe' in globalThis", **there})
    if not known["result"]["value"]:
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8"), **there})
    asked = {"expression": _AXE_RUN, "awaitPromise": True, "returnByValue": True, **there}
    answer = session.send("Runtime.evaluate", asked)
    found: list[Any] = json.loads(answer["result"]["value"])
    return found


def photograph(page: Page, path: Path) -> None:
    """Keep a picture of the whole page, at half of what Playwright's costs: small files take long to make."""
    session = _session_of(page)
    size = session.send("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    wanted = {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True, "clip": clip}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(session.send("Page.captureScreenshot", wanted)["data"]))


def _session_of(page: Page) -> CDPSession:
    if page not in _SESSIONS:
        _SESSIONS[page] = page.context.new_cdp_session(page)
    return _SESSIONS[page]


def settle(page: Page) -> None:
    """Wait until nothing was under way for a moment: Playwright's own "networkidle" waits half a second each time."""
    page.wait_for_load_state("load")
    under_way = _UNDER_WAY[page]
    began = quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_SECONDS:
        page.wait_for_timeout(25)
        if under_way:
            quiet_since = time.monotonic()
        if quiet_since - began > PATIENCE_SECONDS:
            # A request that ended with the page before is never told of.
            under_way.clear()
            page.wait_for_load_state("networkidle")
            return


def too_wide(page: Page) -> int:
    """Pixels by which the page must be scrolled sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(width, 0)


def look_at(page: Page, name: str, *, axe: bool = True) -> None:
    """Axe, no sideways scrolling, exactly one main heading; and a picture for those who want to see."""
    page.wait_for_timeout(20)
    if PICTURES:
        photograph(page, Path(PICTURES) / f"{name}.png")
    assert not axe or violations(page) == []
    assert too_wide(page) == 0
    assert page.locator("h1:visible").count() == 1


def complaints_of(page: Page, *kinds: str) -> list[str]:
    """A list that grows by what the page throws and by its console's messages of these kinds.

    What the page asks for is watched from here on too, for `settle`.
    """
    complaints: list[str] = []
    under_way = _UNDER_WAY.setdefault(page, set())

    def said(message: ConsoleMessage) -> None:
        if message.type in kinds and _EXPECTED not in message.text:
            complaints.append(message.text)

    def thrown(error: Error) -> None:
        complaints.append(str(error))

    def asked(request: Request) -> None:
        under_way.add(request)

    def answered(request: Request) -> None:
        under_way.discard(request)

    page.on("console", said)
    page.on("pageerror", thrown)
    page.on("request", asked)
    page.on("requestfinished", answered)
    page.on("requestfailed", answered)
    return complaints
