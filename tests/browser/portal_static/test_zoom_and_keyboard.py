"""At 400 % in a window of 1280 by 1024 pixels, and with nothing but a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from local.journey import person, sections
from tests.browser.looking import look_at

from .conftest import Open
from .test_journey import PICTURE, heading
from .test_pages import OWN, PUBLIC

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

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


# What is wrong with the element that has the focus: it lies in the window with an outline that can be seen, or here is
# what it looks like. And whether it is the page's first stop again.
FOCUS = """(() => { const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
  && !/^rgba\\(.*, 0\\)$|transparent/.test(style.outlineColor) && style.opacity === '1';
const inWindow = box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0;
const seen = e.matches(':focus-visible') && outlined && inWindow;
return [seen ? '' : `${e.outerHTML.slice(0, 200)} ${style.outline}`, e.matches('.ryoji-skip-link')];
})()"""
HERE = "all => all.includes(document.activeElement)"
# No page has more stops: the one that shows all answers has a link for each of them.
MOST_STOPS = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there; it must be seen wherever it is, and not have gone around the page."""
    wanted.first.wait_for()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        wrong, at_the_start = page.evaluate(FOCUS)
        assert wrong == ""
        if wanted.evaluate_all(HERE):
            return
        assert not at_the_start, f"no way to {wanted}"
    pytest.fail(f"the keyboard does not come to {wanted}")


def press(page: Page, name: str) -> None:
    """Come to the main part's button or link of that name, and press Enter."""
    main = page.get_by_role("main")
    button = main.get_by_role("button", name=name, exact=True)
    tab_to(page, button.or_(main.get_by_role("link", name=name, exact=True)))
    page.keyboard.press("Enter")


def answer(page: Page, field: str, value: str | bool) -> None:
    """Come to a field and answer it, whatever it is asked with."""
    if page.locator(f"input[name={field}-year]").count():
        # The order in which a language writes its dates is the page's.
        year, month, day = str(value).split("-")
        for part, text in (("", day), ("-month", month), ("-year", year)):
            tab_to(page, page.locator(f"#{field}{part}"))
            page.keyboard.type(text)
    elif page.locator(f"input[type=radio][name={field}]").count():
        tab_to(page, page.locator(f"input[name={field}]"))
        page.keyboard.press("Space")
        for _ in range(page.locator(f"input[name={field}]").count()):
            if page.locator(f"input[name={field}]:checked").get_attribute("value") == value:
                return
            page.keyboard.press("ArrowDown")
        pytest.fail(f"the arrows do not come to {value} of {field}")
    elif value is True:
        tab_to(page, page.locator(f"#{field}"))
        page.keyboard.press("Space")
    elif page.locator(f"select#{field}").count():
        tab_to(page, page.locator(f"#{field}"))
        page.keyboard.type(page.locator(f"#{field} option[value='{value}']").inner_text())
        expect(page.locator(f"#{field}")).to_have_value(str(value))
    else:
        tab_to(page, page.locator(f"#{field}"))
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(str(value))


def arrive(page: Page, path: str, control: str) -> None:
    """The next page is there once its control is, and the focus is on its heading."""
    page.wait_for_url(f"**/{path}")
    page.locator(control).first.wait_for()
    expect(page.locator("main h1")).to_be_focused()


def choose_a_picture(page: Page, document: str) -> None:
    """Enter on the file's field opens the system's own chooser."""
    arrive(page, f"documents/{document}", "#file")
    tab_to(page, page.locator("#file"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(PICTURE)
    press(page, "Send and check")
    page.get_by_role("button", name="Use another picture").wait_for()
    # A picture that comes late pushes down what has the focus.
    expect(page.locator("main img")).to_have_js_property("complete", True)
    press(page, "Continue")


def test_the_renewals_form_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/en/passport-renewal", signed_in=False)
    # The browser is asked for its choosers well before the first: asked with it, it may be too late.
    page.on("filechooser", lambda _: None)
    tab_to(page, page.locator(".ryoji-skip-link"))
    page.keyboard.press("Enter")
    press(page, "Start now")
    for question in (1, 2, 3):
        page.get_by_text(f"Before you start ({question} of 3)").wait_for()
        expect(page.locator("main h1")).to_be_focused()
        answer(page, "answer", "yes")
        press(page, "Continue")
    heading(page, "Sign in")
    expect(page.locator("main h1")).to_be_focused()
    press(page, "Sign in")
    page.wait_for_url("**/begin")
    page.get_by_role("button", name="Start another one").wait_for()
    press(page, "Start another one")

    answers = sections(person("yamada-hanako"), office="prefecture-tokyo")

    def fill(section: str) -> None:
        first = next(iter(answers[section]))
        arrive(page, f"sections/{section}", f"#{first}, input[name={first}]")
        for field, value in answers[section].items():
            answer(page, field, value)
        press(page, "Save and continue")

    fill("renewal")
    arrive(page, "identity", "main button")
    with page.expect_popup():
        press(page, "Read the card")
    page.get_by_text("The card was read").wait_for()
    expect(page.locator("main h1")).to_be_focused()  # the button that was pressed is gone
    press(page, "Continue")
    choose_a_picture(page, "passport_page")
    for section in ("passport_held", "person", "contact", "declarations", "collection"):
        fill(section)
    for document in ("portrait", "signature"):
        choose_a_picture(page, document)
    arrive(page, "check", "#sections-contact")
    assert page.get_by_text("03-1234-5678").count() == 1
    press(page, "Confirm and go on to sign")
    heading(page, "Sign and apply")
    expect(page.locator("main h1")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Sign with the card and apply"))
