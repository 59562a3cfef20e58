"""The portal's card field in Chromium, under the page's strict policy, with the sandbox's Stripe script.

The page here has what the portal has: no inline script or style, trusted types, site and gateway on one origin.
"""

from __future__ import annotations

import http.client
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.payments import PUBLISHABLE_KEY, ROOT
from ryoji.adapters.stripe_payments import StripePayments
from tests.browser.looking import launch, violations
from tests.integration.payments.test_stripe import begun

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types ryoji-payment"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pay</title>
<link rel="stylesheet" href="/page.css"><script type="module" src="/page.js"></script></head>
<body><main><h1>Pay 15,900 yen</h1><div id="card"></div><button id="pay">Pay</button><p id="outcome" role="status"></p>
</main></body></html>"""
STYLE = "body { font: 16px/1.6 sans-serif; margin: 2rem; } main { max-width: 36rem; } #card { margin-block: 1rem; }"
SCRIPT = """
import { mountCardPayment } from "/payment/index.js";
const asked = new URLSearchParams(location.search);
const card = await mountCardPayment(document.querySelector("#card"), {
  publishableKey: "KEY", clientSecret: asked.get("secret"), language: asked.get("language"),
  stripeJsUrl: asked.get("script"),
});
document.querySelector("#pay").addEventListener("click", async () => {
  const outcome = await card.confirm();
  document.querySelector("#outcome").textContent = [outcome.status, outcome.code].filter(Boolean).join(" ");
});
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module's TypeScript, compiled as the portal compiles it."""
    places = (ROOT / "web" / "node_modules", ROOT / "node_modules")
    compiler = next((place / ".bin" / "tsc" for place in places if (place / ".bin" / "tsc").exists()), None)
    if compiler is None:
        pytest.fail("the TypeScript compiler is not installed: npm ci")
    out = tmp_path_factory.mktemp("payment")
    options = "--target ES2022 --module ESNext --moduleResolution bundler --strict --skipLibCheck "
    options += "--lib ES2023,DOM,DOM.Iterable --rewriteRelativeImportExtensions --ignoreConfig"
    source = ROOT / "web" / "src" / "payment" / "index.ts"
    subprocess.run([compiler, *options.split(), "--outDir", out, source], check=True, cwd=out)
    return out


@pytest.fixture
def site(modules: Path, port: int) -> Iterator[str]:
    """The page, and the gateway behind a prefix as the site's proxy puts it."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/payments/"):
                return self.forward()
            files = {"/": (PAGE, "text/html"), "/page.css": (STYLE, "text/css")}
            files["/page.js"] = (SCRIPT.replace("KEY", PUBLISHABLE_KEY), "text/javascript")
            if path.startswith("/payment/"):
                files[path] = ((modules / path.rsplit("/", maxsplit=1)[1]).read_text(), "text/javascript")
            text, kind = files.get(path, ("", "text/plain"))
            return self.write(200, text.encode(), kind)

        def do_POST(self) -> None:
            self.forward()

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPConnection("127.0.0.1", port)
            kind = {"Content-Type": self.headers.get("Content-Type") or "text/plain"}
            connection.request(self.command, self.path.removeprefix("/payments"), body, kind)
            answer = connection.getresponse()
            self.write(answer.status, answer.read(), answer.headers["Content-Type"])
            connection.close()

        def write(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if "charset" not in kind else kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda said: complaints.append(str(said)))
    yield opened
    # 402 and 400 are answers; Chromium writes them to the console all the same.
    assert [text for text in complaints if "Failed to load resource" not in text] == []
    context.close()


def show(
    page: Page, site: str, secret: str, language: str = "en", script: str = "/payments/js.stripe.com/v3/"
) -> None:
    page.goto(f"{site}/?secret={secret}&language={language}&script={script}")
    page.locator("input").first.wait_for()


def pay(page: Page, number: str) -> None:
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=expiry]").press_sequentially("1240")
    page.locator("input[name=cvc]").fill("123")
    page.click("#pay")


def outcome(page: Page) -> str:
    expect(page.locator("#outcome")).not_to_be_empty(timeout=15_000)
    return page.inner_text("#outcome")


def test_a_card_is_charged(page: Page, site: str, payments: StripePayments) -> None:
    _, intent, secret = begun(payments, "case-page")
    show(page, site, secret)
    pay(page, "4242 4242 4242 4242")
    assert outcome(page) == "succeeded"
    assert payments.fetch(intent).received == 15900


def test_a_declined_card_says_why_and_can_be_changed(page: Page, site: str, payments: StripePayments) -> None:
    _, _, secret = begun(payments, "case-page-declined")
    show(page, site, secret)
    pay(page, "4000000000009995")
    assert outcome(page) == "failed insufficient_funds"
    page.locator("input[name=number]").fill("5555555555554444")
    page.click("#pay")
    page.get_by_text(re.compile("^succeeded$")).wait_for()


def test_what_is_missing_is_said_before_anything_is_sent(
    page: Page, site: str, payments: StripePayments
) -> None:
    _, _, secret = begun(payments, "case-page-empty")
    show(page, site, secret)
    page.click("#pay")
    assert outcome(page) == "failed incorrect_number"
    assert page.locator("input[name=number]").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [
        ("en", "Complete authentication", "succeeded"),
        ("ja", "本人確認に成功する", "succeeded"),
        ("en", "Fail authentication", "failed authentication_failed"),
    ],
)
def test_the_bank_asks(
    page: Page, site: str, payments: StripePayments, language: str, button: str, said: str
) -> None:
    _, _, secret = begun(payments, f"case-page-{language}-{said}")
    show(page, site, secret, language)
    pay(page, "4000002760003184")
    page.get_by_role("button", name=button).click()
    assert outcome(page) == said


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_field_and_the_banks_question_have_no_barriers(
    page: Page, site: str, payments: StripePayments, language: str
) -> None:
    _, _, secret = begun(payments, f"case-page-axe-{language}")
    show(page, site, secret, language)
    assert violations(page) == []
    page.click("#pay")
    expect(page.locator("input[name=number]")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    pay(page, "4000002500003155")
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []


def test_closing_the_banks_question_is_a_no(page: Page, site: str, payments: StripePayments) -> None:
    _, _, secret = begun(payments, "case-page-escape")
    show(page, site, secret)
    pay(page, "4000002500003155")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    assert outcome(page) == "failed authentication_failed"


def test_paying_again_what_is_paid_is_no_failure(page: Page, site: str, payments: StripePayments) -> None:
    _, _, secret = begun(payments, "case-page-twice")
    show(page, site, secret)
    pay(page, "4242424242424242")
    assert outcome(page) == "succeeded"
    show(page, site, secret)
    pay(page, "4242424242424242")
    assert outcome(page) == "succeeded"


def test_an_answer_that_is_lost_is_not_called_a_failure(
    page: Page, site: str, payments: StripePayments
) -> None:
    _, _, secret = begun(payments, "case-page-lost")
    show(page, site, secret)
    page.route("**/v1/payment_intents/**", lambda route: route.abort())
    pay(page, "4242424242424242")
    assert outcome(page) == "processing unknown_outcome"


def test_the_fields_have_names_and_can_be_used_from_the_keyboard(
    page: Page, site: str, payments: StripePayments
) -> None:
    _, _, secret = begun(payments, "case-page-keys")
    show(page, site, secret)
    page.get_by_label("Card number").focus()
    for text in ("4242424242424242", "1240", "123"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert outcome(page) == "succeeded"
