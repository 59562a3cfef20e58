"""The pages that stand for the world outside, each before its own simulator, in the languages that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from ryoji.adapters.printing_http import HttpPrinting
from ryoji.partners.printing import Holder, Order
from tests.browser.looking import complaints_of, look_at
from tests.integration.card.sandbox import started

LANGUAGES = ["ja", "en"]
# Pages in both languages at once have a first one all the same.
LOCALES = {"ja": "ja-JP", "en": "en-GB"}
PORTAL = "http://portal.example"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, language: str) -> Iterator[Page]:
    """A window of a telephone's width; what the browser complains about fails the test."""
    context = chromium.new_context(viewport={"width": 360, "height": 800}, locale=LOCALES[language])
    opened = context.new_page()
    complaints = complaints_of(opened, "error", "warning")
    yield opened
    context.close()
    assert complaints == []


def test_the_cards_page(page: Page, language: str, tmp_path: Path) -> None:
    with started("simulators.card", tmp_path, "--origin", PORTAL) as card:
        asked = {"return": f"{PORTAL}/", "state": "s", "purpose": "sign", "digest": "a" * 64}
        page.goto(f"{card.url}/?{urlencode({**asked, 'language': language})}")
        page.locator("#people input").first.wait_for()
        expect(page.locator("html")).to_have_attribute("lang", language)
        look_at(page, f"card-{language}")
        page.locator("#submit").click()
        expect(page.get_by_role("alert")).to_be_focused()
        look_at(page, f"card-mistake-{language}")
        page.locator("#people input").first.check()
        page.locator("#pin").fill("WRONG123")
        page.locator("#submit").click()
        expect(page.locator("#pin")).to_have_attribute("aria-invalid", "true")
        look_at(page, f"card-wrong-pin-{language}")
        page.goto(f"{card.url}/?language={language}")
        page.get_by_role("heading", level=1).wait_for()
        look_at(page, f"card-nobody-asks-{language}")


def test_the_mailbox(page: Page, language: str, tmp_path: Path) -> None:
    letters = [
        {
            "id": f"m{number}",
            "at": 1_790_000_000 + number,
            "from": "noreply@ryoji.example",
            "to": ["hanako@example.jp"],
            "subject": "申請を受け付けました（RJ-7K3M-92QX）",
            "text": f"山田 花子 様\n\n{words}",
        }
        for number, words in enumerate(("https://ryoji.example/ja/cases/1", "x" * 200))
    ]
    with started("simulators.mailbox", tmp_path, "--cloud-port", "9") as mailbox:
        page.goto(mailbox.url)  # there is no cloud to ask
        expect(page.locator("#said")).not_to_be_empty()
        look_at(page, f"mailbox-broken-{language}")
        page.route("**/api/letters", lambda route: route.fulfill(json={"letters": letters}))
        page.locator("#refresh").click()
        expect(page.get_by_role("article")).to_have_count(2)
        look_at(page, f"mailbox-{language}")


def test_the_officers_codes(page: Page, language: str, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.json"
    with started("simulators.authenticator", tmp_path, "--accounts", str(accounts)) as authenticator:
        page.goto(authenticator.url)
        page.locator("#empty").wait_for()
        look_at(page, f"codes-empty-{language}")
        accounts.write_text(json.dumps({"sato.examiner": "JBSWY3DPEHPK3PXP"}))
        page.reload()
        page.locator(".codes-row").wait_for()
        look_at(page, f"codes-{language}")


def test_the_printing_partners_orders(page: Page, language: str, tmp_path: Path) -> None:
    hanako = Holder(
        surname="YAMADA", given_names="HANAKO", birth_date=date(1990, 1, 2), sex="F", domicile="TOKYO"
    )
    order = Order(order_id="01J.1", office="prefecture-14", validity="10", holder=hanako)
    with started("simulators.printing", tmp_path, "--delay", "3600") as bureau:
        page.goto(f"{bureau.url}/?lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        look_at(page, f"printing-empty-{language}")
        HttpPrinting(bureau.url).order(order)
        page.reload()
        look_at(page, f"printing-ordered-{language}")
        page.locator("table button").click()
        expect(page.locator("tbody td").nth(3)).not_to_have_text("–")  # the book has its number
        look_at(page, f"printing-produced-{language}")
