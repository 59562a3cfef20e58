"""A traveller or an agent at the browser.

Controls are found by what they are and not by their words: the pages are in five languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

from local.seed import PASSWORD
from tests.browser import looking

LONDON = "mission-united-kingdom"
SHOTS = looking.SHOTS / "travellers"

# The windows of the test that runs, for a picture of where it failed.
OPEN: list[Window] = []


@dataclass
class Window:
    """One person's browser. The site's own content security policy holds in it."""

    page: Page
    complaints: list[str]

    def look(self, name: str, *, axe: bool = True) -> None:
        """Keep a picture, let axe look from a world of its own, and see that nothing scrolls sideways."""
        looking.settle(self.page)
        looking.photograph(self.page, SHOTS / f"{name}.png")
        found = looking.violations(self.page) if axe else []
        assert found == [], f"{name}: {found}"
        assert looking.too_wide(self.page) == 0, name

    def press(self) -> None:
        """The page's main button or link that looks like one."""
        self.page.locator("main .ryoji-button[data-variant=primary]").first.click()

    def send_form(self) -> None:
        """The form's own button."""
        self.page.locator("main form button[type=submit]").first.click()


def open_window(browser: Browser, language: str, width: int = 1280, dots: float = 1) -> Window:
    """A new window of a person, with nothing remembered; `dots` of the screen for a pixel of the page."""
    viewport: ViewportSize = {"width": width, "height": 800}
    context = browser.new_context(
        viewport=viewport, locale=language, device_scale_factor=dots, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    window = Window(page, looking.complaints_of(page, "error"))
    OPEN.append(window)
    return window


def sign_in(window: Window, email: str) -> None:
    """From the portal's page through the pool's and back."""
    page = window.page
    page.wait_for_url("**/sign-in*")
    page.locator("main button.ryoji-button").first.click()
    page.locator("#username").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()


def fill(window: Window, section: str, answers: dict[str, Any]) -> None:
    """Answer one section, field by field, and save it."""
    page = window.page
    page.wait_for_url(f"**/sections/{section}*")
    page.locator("main form").wait_for()
    for name, value in answers.items():
        _answer(page, name, value)
    window.send_form()
    page.wait_for_url(re.compile(rf"^(?!.*/sections/{section}(?:\?|$))"))


def _answer(page: Page, name: str, value: Any) -> None:
    if page.locator(f"input[name='{name}-year']").count():
        for part, text in zip(("year", "month", "day"), str(value).split("-"), strict=True):
            page.locator(f"input[name='{name}-{part}']").fill(text)
    elif page.locator(f"input[type=radio][name='{name}']").count():
        page.locator(f"input[type=radio][name='{name}'][value='{value}']").check()
    elif page.locator(f"select#{name}").count():
        page.locator(f"select#{name}").select_option(str(value))
    elif value is True:
        page.locator(f"#{name}").check()
    else:
        page.locator(f"#{name}").fill(str(value))


def send_picture(window: Window, document: str, picture: bytes) -> None:
    """Choose a picture, have it checked, go on."""
    page = window.page
    page.wait_for_url(f"**/documents/{document}*")
    page.locator("#file").set_input_files(
        {"name": f"{document}.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )
    window.send_form()
    page.locator("main .ryoji-figure figcaption").wait_for()
    page.locator("main form").wait_for(state="detached")
    looking.settle(page)
    window.press()
    page.wait_for_url(re.compile(rf"^(?!.*/documents/{document}(?:\?|$))"))
