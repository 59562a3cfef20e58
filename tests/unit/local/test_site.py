"""The site's one origin: what it asks of the parts behind it, and in whose name."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.site import Routes, serve

Asked = list[tuple[str, str | None]]


def _behind(asked: Asked) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Authorization")))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Asked]]:
    """The address of a site, and what the part behind it was asked."""
    asked: Asked = []
    behind = _behind(asked)
    port = behind.server_address[1]
    routes = Routes(
        prefixes=(("/api/", port, "/v1/"), ("/trust/", port, "/bucket/trust/")),
        files=tmp_path,
        settings=tmp_path / "settings.json",
        content_security_policy="",
        buckets=frozenset({"/trust/"}),
    )
    servers = (behind, serve(0, routes))
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{servers[1].server_address[1]}", asked
    for server in servers:
        server.shutdown()
        server.server_close()


def get(address: str) -> None:
    request = urllib.request.Request(address, headers={"Authorization": "Bearer hers"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()


def test_a_closed_bucket_is_asked_in_the_accounts_name_and_the_api_in_the_callers(
    site: tuple[str, Asked],
) -> None:
    origin, asked = site
    get(f"{origin}/trust/list.json")
    get(f"{origin}/api/cases")
    (of_bucket, signature), (of_api, token) = asked
    assert (of_bucket, of_api) == ("/bucket/trust/list.json", "/v1/cases")
    assert token == "Bearer hers"
    assert signature is not None
    assert signature.startswith("AWS4-HMAC-SHA256 Credential=")
