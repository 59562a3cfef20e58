"""Every page of the portal, in every language, on small and large screens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from tests.browser.looking import look_at

from .conftest import Open, Portal, arrive

PUBLIC = {
    "start": "/",
    "procedure": "/passport-renewal",
    "eligibility": "/passport-renewal/eligibility",
    "not-eligible": "/passport-renewal/eligibility?question=1&stopped=1",
    "status": "/status",
    "sign-up": "/sign-up",
    "sign-in": "/sign-in",
    "signed-out": "/signed-out?because=idle",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "not-found": "/nowhere/at/all",
}
OWN = {
    "account": "/account",
    "begin": "/passport-renewal/begin",
    "draft": "/cases/draft",
    "identity": "/cases/draft/identity",
    "renewal": "/cases/draft/sections/renewal",
    "passport-held": "/cases/draft/sections/passport_held",
    "person": "/cases/draft/sections/person",
    "contact": "/cases/draft/sections/contact",
    "declarations": "/cases/draft/sections/declarations",
    "collection": "/cases/draft/sections/collection",
    "portrait": "/cases/draft/documents/portrait",
    "check": "/cases/draft/check",
    "sign": "/cases/draft/sign",
    "submitted": "/cases/checking/submitted",
    "in-review": "/cases/in_review",
    "correction": "/cases/correction",
    "to-pay": "/cases/payment",
    "to-collect": "/cases/collection",
    "refused": "/cases/refused",
    "completed": "/cases/completed",
    "payment": "/cases/payment/payment",
    "receipt": "/cases/production/receipt",
    "appointment": "/cases/collection/appointment",
    "messages": "/cases/in_review/messages",
    "foreign": "/cases/somebody-elses",
}


# In one tab, one language after the other, because a new one costs as much as the page.
@pytest.mark.parametrize("name", [*PUBLIC, *OWN])
def test_page(open_page: Open, portal: Portal, name: str) -> None:
    path = PUBLIC.get(name) or OWN[name]
    page = open_page(f"/ja{path}", width=360, signed_in=name in OWN)
    look_in(page, "ja", name)
    arrive(page, f"{portal.origin}/en{path}")
    look_in(page, "en", name)


# What is not of a passport, which is spoken of in two languages only.
@pytest.mark.parametrize("name", [name for name, path in PUBLIC.items() if "passport-renewal" not in path])
def test_a_public_page_in_the_travellers_languages(open_page: Open, portal: Portal, name: str) -> None:
    page = open_page(f"/zh-Hans{PUBLIC[name]}", width=360, signed_in=False)
    look_in(page, "zh-Hans", name)
    for language in ("id", "ar"):
        arrive(page, f"{portal.origin}/{language}{PUBLIC[name]}")
        look_in(page, language, name)


def look_in(page: Page, language: str, name: str) -> None:
    # Axe costs the most of this by far: each language on one screen, English on the large one.
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.lang") == language
        look_at(page, f"{name}-{language}-{width}", axe=width == (1280 if language == "en" else 360))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("age", [9, 16])
def test_the_guardians_pages(open_page: Open, portal: Portal, age: int, language: str) -> None:
    """A child's, whose parent signs, and a youth's, whose parent consents: other fields, and a document more."""
    born = f"{datetime.now(UTC).year - age}-01-02"
    portal.keep("draft", "person", {"birth_date": born})
    page = open_page(f"/{language}/cases/draft/sections/guardian", width=360)
    page.locator("main form").wait_for()
    assert page.locator("#address").count() == (1 if age < 15 else 0)
    look_at(page, f"guardian-{age}-{language}-360")
    page.locator("main form button[type=submit]").click()
    page.locator(".ryoji-error-summary").wait_for()
    look_at(page, f"guardian-errors-{age}-{language}-360")
    page.goto(f"{portal.origin}/{language}/cases/draft/documents/guardian_consent")
    page.locator("#file" if age >= 15 else "h1").wait_for()
    look_at(page, f"guardian-consent-{age}-{language}-360")
    page.goto(f"{portal.origin}/{language}/cases/draft/check")
    page.locator("#sections-guardian").wait_for()
    look_at(page, f"guardian-check-{age}-{language}-360")


@pytest.mark.parametrize("name", ["start", "procedure", "draft", "contact", "appointment", "in-review"])
def test_nothing_breaks_at_320_pixels(open_page: Open, name: str) -> None:
    path = PUBLIC.get(name) or OWN[name]
    look_at(open_page(f"/en{path}", width=320, signed_in=name in OWN), f"{name}-en-320")


@pytest.mark.parametrize("name", ["start", "declarations", "in-review"])
def test_forced_colours(open_page: Open, name: str) -> None:
    path = PUBLIC.get(name) or OWN[name]
    page = open_page(f"/ja{path}", signed_in=name in OWN, forced_colors="active", reduced_motion="reduce")
    look_at(page, f"{name}-ja-forced")


def test_without_javascript_the_page_says_what_to_do(open_page: Open) -> None:
    page = open_page("/ja/", signed_in=False, java_script_enabled=False)
    assert "JavaScript" in page.locator("h1 ~ p").first.inner_text()
    assert page.locator("p[lang=en]").count() == 1


def test_the_root_leads_to_the_readers_language(open_page: Open) -> None:
    assert open_page("/", signed_in=False, locale="en-US").url.endswith("/en/")


def test_a_language_keeps_the_page(open_page: Open) -> None:
    page = open_page("/ja/status", signed_in=False)
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/status")
    page.get_by_role("heading", level=1, name="Check an application").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_language_keeps_what_the_address_asks_for(open_page: Open) -> None:
    page = open_page("/ja/sign-in?return=%2Fja%2Fcases%2Fdraft%2Fcheck", signed_in=False)
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/sign-in?return=%2Fja%2Fcases%2Fdraft%2Fcheck")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/en/cases/draft/check")
