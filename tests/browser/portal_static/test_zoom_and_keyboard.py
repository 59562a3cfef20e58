"""At 400 % in a window of 1280 by 1024 pixels, and with nothing but a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import look_at

from .conftest import Open
from .test_journey import heading
from .test_pages import OWN, PUBLIC

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What 400 % leaves of the window, and how many pixels each of the page's then is.
ZOOMED = {"width": 320, "height": 256}
MAIN = ("start", "procedure", "eligibility", "status", "sign-in", "account", "draft", "person", "portrait", "check",
        "sign", "payment", "appointment", "in-review")  # fmt: skip

# Texts that their own box cuts off, and controls that lie outside of the page.
LOST = """[...document.querySelectorAll('main h1, main p, main label, main button, main a, main dd, main input')]
.filter(e => e.checkVisibility() && !e.closest('.ryoji-visually-hidden'))
.filter(e => { const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const cut = style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1;
  return box.width > 0 && (cut || box.left < -1 || box.right > innerWidth + 1); })
.map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", MAIN)
def test_nothing_is_lost_at_400_percent(open_page: Open, name: str) -> None:
    path = PUBLIC.get(name) or OWN[name]
    page = open_page(f"/ja{path}", signed_in=name in OWN, screen=ZOOMED, device_scale_factor=4)
    page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
    look_at(page, f"{name}-ja-400-percent")
    assert page.evaluate(LOST) == []


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is there; it must be seen wherever it is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"the keyboard does not come to {wanted}")


def test_a_section_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/en/cases/draft/sections/renewal")
    tab_to(page, "input[name=reason]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "input[name=validity]")
    page.keyboard.press("Space")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    heading(page, "Read your My Number Card")
