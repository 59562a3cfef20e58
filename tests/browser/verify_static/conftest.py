"""The built verification page behind the site's own headers, with a trust list and an API that a test can change."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from local.running import content_security_policy
from local.site import Routes, serve
from ryoji.issuance.certificates import Revoked
from tests.browser.looking import SITE, Windows, complaints_of
from tests.unit.issuance.sealing import VISA, Ministry

NOW = datetime.now(UTC)
VALID = replace(
    VISA, valid_from=(NOW - timedelta(days=2)).date(), valid_until=(NOW + timedelta(days=80)).date()
)


@dataclass
class Service:
    """What stands behind the page: a ministry, its published list, and what the API answers (None: 503)."""

    origin: str = ""
    ministry: Ministry = field(default_factory=lambda: Ministry(now=NOW - timedelta(hours=1)))
    trust_list: str = ""
    answer: dict[str, Any] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    # While it is cleared, the API keeps who asks waiting.
    answers: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answers.set()

    def publish(self) -> None:
        """Publish the list as the ministry is now."""
        self.ministry.now += timedelta(seconds=1)
        self.trust_list = self.ministry.list()

    def revoke_signer(self) -> None:
        """Revoke the signer and publish it."""
        entry = Revoked(self.ministry.signer.serial, NOW - timedelta(minutes=5), "key_compromise")
        self.ministry.revoked = (entry,)
        self.publish()


def _behind(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, service.trust_list.encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(json.loads(body))
            service.answers.wait()
            self._send(503 if service.answer is None else 200, json.dumps(service.answer or {}).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A fresh origin for every test: nothing is kept from one to the next."""
    made = Service(answer={"status": "VALID", "permission": "active"})
    made.publish()
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _behind(made))
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"api": "/api", "sandbox": True}))
    port = behind.server_address[1]
    routes = Routes(
        (("/api/", port, "/"), ("/trust/", port, "/trust/")),
        SITE,
        settings,
        content_security_policy("http://127.0.0.1:1", "http://127.0.0.1:2"),
    )
    site = serve(0, routes)
    servers = (behind, site)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    made.origin = f"http://localhost:{site.server_address[1]}"
    yield made
    made.answers.set()
    for server in servers:
        server.shutdown()
        server.server_close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, windows: Windows, service: Service) -> Iterator[Open]:
    """Opens a page in a new tab, of a window of its own where asked for.

    What the browser complains about fails the test.
    """
    pages: list[Page] = []
    complaints: list[list[str]] = []

    def opened(path: str = "/en/verify", *, width: int = 1280, alone: bool = False) -> Page:
        page = chromium.new_page() if alone else windows.tab(service.origin)
        pages.append(page)
        complaints.append(complaints_of(page, "error", "warning"))
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(service.origin + path)
        page.wait_for_selector("[data-offline=ready]")
        return page

    yield opened
    for page in pages:
        page.close()
    assert [text for each in complaints for text in each] == []
