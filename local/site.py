"""One origin for site, API and sandbox pages, as CloudFront gives on AWS: so there is no CORS to get wrong."""

from __future__ import annotations

import http.client
import json
import mimetypes
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.cloud import REGION

MAX_BODY = 12 * 1024 * 1024
_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "host", "content-length"}
)


@dataclass(frozen=True)
class Routes:
    """Where each prefix goes: `(prefix, port, replacement)`; the rest is files.

    `buckets`: the prefixes that are read from a bucket that is closed to strangers, and so in the account's name.
    """

    prefixes: tuple[tuple[str, int, str], ...]
    files: Path
    settings: Path
    content_security_policy: str
    buckets: frozenset[str] = frozenset()


def security_headers(policy: str) -> dict[str, str]:
    """What every page is sent with; the same list stands in infra/edge.py for CloudFront."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    }


_VERIFY = re.compile(r"(/[A-Za-z]+(-[A-Za-z]+)?)?/verify/?")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    routes: Routes

    def _any(self) -> None:
        path = urlsplit(self.path).path
        for prefix, port, replacement in self.routes.prefixes:
            if path.startswith(prefix):
                self._forward(port, replacement + self.path[len(prefix) :], prefix in self.routes.buckets)
                return
        if self.command not in ("GET", "HEAD"):
            self._answer(405, "text/plain", b"")
            return
        self._file(path)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = _any  # noqa: N815 - http.server asks for these names

    def _forward(self, port: int, target: str, of_bucket: bool) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self._answer(413, "text/plain", b"")
            return
        body = self.rfile.read(length) if length else None
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        headers["X-Forwarded-Host"] = self.headers.get("Host", "")
        if of_bucket:
            headers = _signed(self.command, port, target)
        try:
            status, answered, content = _ask(port, self.command, target, headers, body)
        except OSError:
            self._answer(502, "application/problem+json", _DOWN)
            return
        self.send_response(status)
        for name, value in answered:
            if name.lower() not in _HOP and name.lower() != "date" and name.lower() != "server":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _file(self, path: str) -> None:
        if path == "/settings.json":
            self._answer(200, "application/json", self.routes.settings.read_bytes(), "no-store")
            return
        root = self.routes.files.resolve()
        found = (root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root) or not found.is_file():
            found = root / page_of(path)
        if not found.is_file():
            self._answer(404, "text/plain", b"The site is not built: npm run web:build")
            return
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        kept = "public, max-age=31536000, immutable" if "/assets/" in path else "no-cache"
        self._answer(200, kind, found.read_bytes(), kept)

    def _answer(self, status: int, kind: str, body: bytes, cache: str = "no-store") -> None:
        self.send_response(status)
        self.send_header(
            "Content-Type", kind if "charset" in kind or "image" in kind else f"{kind}; charset=utf-8"
        )
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", cache)
        for name, value in security_headers(self.routes.content_security_policy).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the parts behind this one write logs."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes to another page closes what it waited for: nobody needs to read that."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


_DOWN = json.dumps(
    {"type": "about:problem/unavailable", "title": "Not available", "status": 502, "code": "unavailable"}
).encode()


def _signed(verb: str, port: int, target: str) -> dict[str, str]:
    """The headers by which a bucket knows its own account, as CloudFront's origin access control sends them."""
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest(verb, f"http://127.0.0.1:{port}{target}")
    S3SigV4Auth(Credentials("test", "test"), "s3", REGION).add_auth(request)
    return dict(request.headers)


def page_of(path: str) -> str:
    """Which page draws an address: as infra/edge_functions/site.js."""
    if path.startswith("/console"):
        return "console.html"
    return "verify.html" if _VERIFY.fullmatch(path) else "index.html"


def _ask(
    port: int, verb: str, target: str, headers: dict[str, str], body: bytes | None
) -> tuple[int, list[tuple[str, str]], bytes]:
    with _connection(port) as connection:
        connection.request(verb, target, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()


@contextmanager
def _connection(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        yield connection
    finally:
        connection.close()


def serve(port: int, routes: Routes) -> ThreadingHTTPServer:
    """A server on loopback that is ready to `serve_forever`."""
    handler = type("Handler", (_Handler,), {"routes": routes})
    return _Server(("127.0.0.1", port), handler)
