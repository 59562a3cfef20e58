"""`python -m simulators.printing --port 0 --state DIR --ready-file F`: the printing partner of the sandbox."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from simulators.printing.bureau import MODES, Bureau, OrderDiffers, utc_now
from simulators.printing.orders import problem
from simulators.printing.page import PAGES, language_of, page
from simulators.printing.reporting import Access, Reporter

LARGEST = 64 * 1024
SLOWLY = 15.0
EVERY = 0.2
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingHTTPServer):
    """A server on loopback that knows its bureau."""

    daemon_threads = True
    bureau: Bureau
    order_key: str
    prefix: str


class Handler(BaseHTTPRequestHandler):
    """The partner's interface, the sandbox's controls and the page for people."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: Server

    def do_GET(self) -> None:
        """Reading."""
        bureau, url = self.server.bureau, self._url()
        values: dict[str, Callable[[], object]] = {
            "/health": lambda: {"status": "ok"},
            "/api/behaviour": lambda: {"mode": bureau.mode, "modes": MODES},
            "/orders": lambda: {"orders": [order.shown() for order in bureau.orders()]},
        }
        if url.path in values:
            return self._json(200, values[url.path]())
        if url.path == "/printing.css":
            return self._write(200, (PAGES / "printing.css").read_bytes(), "text/css; charset=utf-8")
        if url.path.startswith("/orders/"):
            return self._order(unquote(url.path.removeprefix("/orders/")))
        if url.path == "/":
            text = page(bureau, self._language(url.query)).encode()
            return self._write(200, text, "text/html; charset=utf-8")
        return self._json(404, {"error": "not_found"})

    def do_POST(self) -> None:
        """Ordering, and the sandbox's controls."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            return self._json(413, {"error": "too_large"})
        body, url = self.rfile.read(length), self._url()
        if url.path.startswith("/orders/") and url.path.endswith("/produce"):
            return self._produce(unquote(url.path[len("/orders/") : -len("/produce")]), url.query)
        if self.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            # Only with its content type: that is what keeps a strange page's form from posting here.
            return self._json(415, {"error": "json_wanted"})
        routes = {"/orders": self._take, "/api/behaviour": self._behave, "/api/advance": self._advance}
        route = routes.get(url.path)
        said = _object(body)
        if route is None or said is None:
            return self._json(
                404 if route is None else 400, {"error": "not_found" if route is None else "not_json"}
            )
        return route(said)

    def _url(self) -> SplitResult:
        """What was asked for, whether the proxy before us takes its prefix off or leaves it on."""
        prefix = self.server.prefix
        known = prefix and self.path.startswith(f"{prefix}/")
        return urlsplit(self.path[len(prefix) :] if known else self.path)

    def _take(self, said: dict[str, Any]) -> None:
        bureau, key = self.server.bureau, self.server.order_key
        if bureau.mode == "down":
            return self._json(503, {"error": "down"})
        if bureau.mode == "slow":
            time.sleep(SLOWLY)
        if key and self.headers.get("Authorization") != f"Bearer {key}":
            return self._json(401, {"error": "who_are_you"})
        wrong = problem(said)
        if wrong:
            return self._json(422, {"error": "order_wrong", "field": wrong})
        fingerprint = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        try:
            order, new = bureau.take(said, fingerprint)
        except OrderDiffers:
            return self._json(409, {"error": "order_differs"})
        return self._json(201 if new else 200, order.state())

    def _order(self, order_id: str) -> None:
        if self.server.bureau.mode == "down":
            return self._json(503, {"error": "down"})
        order = self.server.bureau.find(order_id)
        if order is None:
            return self._json(404, {"error": "unknown_order"})
        return self._json(200, order.state())

    def _behave(self, said: dict[str, Any]) -> None:
        if said.get("mode") not in MODES:
            return self._json(422, {"error": "mode_wrong", "modes": MODES})
        self.server.bureau.behave(said["mode"])
        return self._json(200, {"mode": said["mode"]})

    def _advance(self, said: dict[str, Any]) -> None:
        self.server.bureau.advance(said.get("order_id"))
        self._json(200, {"orders": [order.shown() for order in self.server.bureau.orders()]})

    def _produce(self, order_id: str, query: str) -> None:
        if self.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            return self._json(403, {"error": "strange_page"})
        if self.server.bureau.find(order_id) is None:
            return self._json(404, {"error": "unknown_order"})
        self.server.bureau.advance(order_id)
        self.send_response(303)
        # Relative, because the page may stand behind a prefix that we do not know.
        self.send_header("Location", f"../../?lang={self._language(query)}")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def _language(self, query: str) -> str:
        asked = parse_qs(query).get("lang", [None])[0]
        return language_of(asked, self.headers.get("Accept-Language", ""))

    def _json(self, status: int, value: object) -> None:
        self._write(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _write(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the page and /orders show what happens."""


def main() -> None:
    """Serve until told to stop."""
    options = _options()
    options.state.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    delay = timedelta(seconds=options.delay)
    bureau = Bureau(options.state / "orders.json", utc_now, delay, Reporter(lambda: _access(options)))
    server = Server(("127.0.0.1", options.port), Handler)
    server.bureau, server.order_key = bureau, options.order_key
    server.prefix = options.prefix.rstrip("/")
    threading.Thread(target=_work, args=(bureau,), daemon=True).start()
    if options.ready_file:
        options.ready_file.write_text(json.dumps({"port": server.server_address[1]}))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return


def _work(bureau: Bureau) -> None:
    while True:
        bureau.tick()
        time.sleep(EVERY)


def _access(options: argparse.Namespace) -> Access | None:
    given = {
        "callback": options.callback,
        "token_url": options.token_url,
        "client_id": options.client_id,
        "client_secret": options.client_secret,
        "scope": options.scope,
    }
    if options.settings and options.settings.exists():
        given |= _object(options.settings.read_bytes()) or {}
    needed = ("callback", "token_url", "client_id", "client_secret")
    return Access(**given) if all(given[name] for name in needed) else None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.printing", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument(
        "--prefix", default="", help="where a proxy shows it, if the proxy leaves that in the path"
    )
    parser.add_argument("--delay", type=float, default=20.0, help="seconds from order to book")
    parser.add_argument("--callback", default="", help="root of Ryoji's API")
    parser.add_argument("--token-url", default="")
    parser.add_argument("--client-id", default="")
    parser.add_argument("--client-secret", default=os.environ.get("PRINTING_CLIENT_SECRET", ""))
    parser.add_argument("--scope", default="")
    parser.add_argument(
        "--settings", type=Path, help="JSON file with callback, token_url, client_id, …; read when needed"
    )
    parser.add_argument("--order-key", default="", help="bearer token that orders must bring")
    return parser.parse_args()


if __name__ == "__main__":
    main()
