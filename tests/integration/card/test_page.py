"""The card's page in a browser, asked by a portal of another origin that does what README.md says."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ryoji.evidence.identity import CardSignature, digest
from ryoji.evidence.identity.signature import parse, verify_signature
from simulators.card.serving import make_server, static_routes
from tests.browser.looking import launch
from tests.integration.card.sandbox import Sandbox, started

_README = Path(__file__).parents[3] / "simulators/card/README.md"
DIGEST = digest({"fee": 15900})


@dataclass(frozen=True)
class Stage:
    """A portal, and a card that takes requests from it."""

    browser: Browser
    portal: str
    card: Sandbox

    def open_portal(self) -> Page:
        page = self.browser.new_page()
        page.goto(f"{self.portal}/")
        return page


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("portal")
    (script,) = re.findall(r"```js\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "portal.js").write_text(script, encoding="utf-8")
    (folder / "index.html").write_text('<script src="portal.js"></script><h1>Portal</h1>', encoding="utf-8")
    server = make_server(0, static_routes(folder), "/portal")
    portal = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with (
        started("simulators.card", tmp_path_factory.mktemp("card"), "--origin", portal) as card,
        sync_playwright() as p,
    ):
        browser = launch(p)
        yield Stage(browser, portal, card)
        browser.close()
    server.shutdown()
    server.server_close()


def ask(portal: Page, card: str, **request: str) -> Page:
    """Do what the README's function does; its answer is left in `window.answer`."""
    wanted = {"purpose": "sign", "digest": DIGEST, "title": "旅券の更新", "language": "ja", **request}
    with portal.expect_popup() as popup:
        portal.evaluate(
            "([card, wanted]) => { askCard(card, wanted).then((a) => { window.answer = a; }); }",
            [card, wanted],
        )
    return popup.value


def answer(portal: Page) -> Any:
    """Asked again and again: Playwright's own waiting needs what the portal's content security policy forbids."""
    for _ in range(100):
        value = portal.evaluate("() => window.answer ?? null")
        if value is not None:
            return value
        portal.wait_for_timeout(50)
    raise AssertionError("no answer")


def use_card(page: Page, name: str, pin: str, button: str) -> None:
    page.get_by_role("radio", name=name).check()
    page.get_by_label(re.compile("署名用の暗証番号|PIN for signing")).fill(pin)
    page.get_by_role("button", name=button, exact=True).click()


def require_signature(value: dict[str, str]) -> None:
    verify_signature(parse(CardSignature.model_validate(value)), DIGEST)


def test_signing_in_a_window(stage: Stage) -> None:
    portal = stage.open_portal()
    card = ask(portal, f"{stage.card.url}/simulators/card/")
    expect(card.get_by_role("heading", level=1)).to_have_text("カードで署名する")
    expect(card.get_by_text(stage.portal)).to_be_visible()
    use_card(card, "山田　花子", "HANAKO90", "署名する")
    require_signature(answer(portal)["signature"])
    assert card.is_closed()


def test_reading_in_english(stage: Stage) -> None:
    portal = stage.open_portal()
    card = ask(portal, stage.card.url, purpose="read", language="en")
    expect(card.locator("html")).to_have_attribute("lang", "en")
    use_card(card, "SATO KENICHI", "KENICHI84", "Read")
    require_signature(answer(portal)["signature"])


def test_cancelling(stage: Stage) -> None:
    portal = stage.open_portal()
    card = ask(portal, stage.card.url)
    card.get_by_role("button", name="やめる").click()
    assert answer(portal) == {"error": "cancelled"}


def test_closing_the_window(stage: Stage) -> None:
    portal = stage.open_portal()
    ask(portal, stage.card.url).close()
    assert answer(portal) == {"error": "cancelled"}


def test_mistakes_are_said_and_focused(stage: Stage) -> None:
    portal = stage.open_portal()
    card = ask(portal, stage.card.url)
    card.get_by_role("button", name="署名する", exact=True).click()
    expect(card.get_by_role("alert")).to_be_focused()
    expect(card.get_by_role("alert")).to_contain_text("カードを選んでください。")
    use_card(card, "髙橋　結衣", "YUIYUI17", "署名する")
    expect(card.get_by_role("alert")).to_contain_text("15歳未満")
    use_card(card, "中村　蓮", "WRONG123", "署名する")
    expect(card.get_by_role("alert")).to_contain_text("あと4回")
    expect(card.get_by_label("署名用の暗証番号")).to_have_attribute("aria-invalid", "true")
    for left in (3, 2, 1):
        use_card(card, "中村　蓮", "WRONG123", "署名する")
        # The PIN is emptied with the answer: the next one is typed after it.
        expect(card.get_by_role("alert")).to_contain_text(f"あと{left}回")
    use_card(card, "中村　蓮", "WRONG123", "署名する")
    expect(card.get_by_role("alert")).to_contain_text("ロックされています")
    card.get_by_role("button", name="やめる").click()
    assert answer(portal) == {"error": "locked"}


def redirect(stage: Stage, **changes: str) -> str:
    query = {
        "return": f"{stage.portal}/?step=sign",
        "state": "s7a/te=",
        "purpose": "sign",
        "digest": DIGEST,
        **changes,
    }
    return f"{stage.card.url}/simulators/card/?{urlencode(query)}"


def test_signing_by_redirect(stage: Stage) -> None:
    page = stage.browser.new_page()
    page.goto(redirect(stage))
    use_card(page, "山田　花子", "hanako90", "署名する")
    page.wait_for_url(f"{stage.portal}/?step=sign#*")
    back = page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
    assert back["state"] == "s7a/te="
    require_signature({"format": back["format"], "value": back["signature"]})


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"return": "https://evil.example/"}, "依頼できないサイト"),
        ({"return": "javascript:alert(1)"}, "依頼できないサイト"),
        ({"digest": "00"}, "形が正しくありません"),
        ({"purpose": "pay"}, "形が正しくありません"),
    ],
)
def test_requests_that_are_not_taken(stage: Stage, changes: dict[str, str], text: str) -> None:
    page = stage.browser.new_page()
    page.goto(redirect(stage, **changes))
    expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("button", name="署名する")).to_be_hidden()


def test_a_portal_that_may_not_ask(stage: Stage, tmp_path: Path) -> None:
    with started("simulators.card", tmp_path) as strict:
        portal = stage.open_portal()
        card = ask(portal, strict.url)
        card.wait_for_timeout(1000)
        portal.evaluate("window.opened = window.open('', 'card')")
        request = {"type": "card.request", "purpose": "sign", "digest": DIGEST}
        request["request"] = card.evaluate("new URLSearchParams(location.search).get('request')")
        portal.evaluate("(request) => window.opened.postMessage(request, '*')", request)
        expect(card.get_by_text("依頼できないサイト")).to_be_visible()


def test_opened_by_itself(stage: Stage) -> None:
    page = stage.browser.new_page()
    page.goto(f"{stage.card.url}/?language=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no request")
