"""A gateway of the sandbox on free ports, and a place where its webhooks arrive."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest

from local.payments import PUBLISHABLE_KEY, ROOT, SECRET_KEY, STRIPE_PYTHON, command, health, register_webhook
from ryoji.adapters.stripe_payments import StripePayments, verify_webhook
from ryoji.payments import GatewayEvent

WEBHOOK_SECRET = "whsec_for_the_tests"


@pytest.fixture(scope="session")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if not STRIPE_PYTHON.exists():
        pytest.fail("localstripe is not installed (.local/venv-stripe)")
    state = tmp_path_factory.mktemp("stripe")
    ready = state / "ready.json"
    process = subprocess.Popen(command(0, state, ready), cwd=ROOT)
    try:
        until(ready.exists)
        found = int(json.loads(ready.read_text())["port"])
        assert health(found)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=10)


def until(done: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


@dataclass
class Inbox:
    """What came in by webhook, as it came; `refuse` lets the next ones fail."""

    url: str = ""
    received: list[tuple[bytes, str]] = field(default_factory=list)
    refuse: int = 0

    def events(self, payment_intent: str) -> list[GatewayEvent]:
        heard = [verify_webhook(body, signature, WEBHOOK_SECRET) for body, signature in self.received]
        return [event for event in heard if event.payment_intent == payment_intent]

    def wait(self, payment_intent: str, kind: str) -> GatewayEvent:
        until(lambda: any(event.type == kind for event in self.events(payment_intent)))
        return next(event for event in self.events(payment_intent) if event.type == kind)


@pytest.fixture
def inbox(port: int) -> Iterator[Inbox]:
    box = Inbox()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.refuse -= 1
            if box.refuse < 0:
                box.received.append((body, self.headers["Stripe-Signature"]))
            self.send_response(200 if box.refuse < 0 else 500)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    box.url = f"http://127.0.0.1:{server.server_address[1]}/"
    register_webhook(port, box.url, WEBHOOK_SECRET)
    yield box
    server.shutdown()
    server.server_close()


@pytest.fixture
def payments(port: int) -> StripePayments:
    return StripePayments(SECRET_KEY, f"http://127.0.0.1:{port}", lambda: datetime.now(UTC))


@dataclass
class Browser:
    """What Stripe's script in a browser says on the wire."""

    port: int

    def confirm(self, secret: str, number: str, **more: str) -> dict[str, Any]:
        card = {"number": number, "exp_month": "12", "exp_year": "40", "cvc": "123", **more}
        typed = {f"payment_method_data[card][{name}]": value for name, value in card.items()}
        return self.post(secret, "confirm", {"payment_method_data[type]": "card", **typed})

    def authenticate(self, secret: str, success: bool) -> dict[str, Any]:
        return self.post(secret, f"_authenticate?success={str(success).lower()}", {})

    def post(self, secret: str, what: str, form: dict[str, str]) -> dict[str, Any]:
        intent = secret.split("_secret_", maxsplit=1)[0]
        body = urlencode({"key": PUBLISHABLE_KEY, "client_secret": secret, **form}).encode()
        url = f"http://127.0.0.1:{self.port}/v1/payment_intents/{intent}/{what}"
        try:
            with urllib.request.urlopen(url, body, timeout=10) as answer:
                said: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                said = json.load(refused)
        return said


@pytest.fixture
def browser(port: int) -> Browser:
    return Browser(port)
