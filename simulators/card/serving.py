"""A small HTTP server for the sandbox's pages: loopback only, strict headers, JSON in and out."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LARGEST = 64 * 1024

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Request:
    """What a route sees: the parts of the path that its pattern names, and the body."""

    parts: dict[str, str]
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Answer:
    """What a route gives back; `status` 0 hangs up without a word, as a dead partner does."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True)
class Route:
    """`path` is a regular expression of the whole path, with named groups."""

    method: str
    path: str
    answer: Callable[[Request], Answer]


class Mistake(Exception):
    """The request cannot be answered: a status and a code, and facts for the caller."""

    def __init__(self, status: int, error: str, **facts: object) -> None:
        super().__init__(error)
        self.answer = as_json({"error": error, **facts}, status)


def as_json(value: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode())


def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Only with its content type: that is what keeps a strange page's form from posting."""
    if request.content_type.partition(";")[0].strip() != "application/json":
        raise Mistake(415, "json_wanted")
    try:
        value = json.loads(request.body)
    except ValueError as error:
        raise Mistake(400, "not_json") from error
    if not isinstance(value, dict):
        raise Mistake(400, "not_an_object")
    return value


def static_routes(folder: Path) -> list[Route]:
    """One GET route for each file of a folder; `index.html` is `/`."""
    return [Route("GET", _path_of(file), _file_answer(file)) for file in sorted(folder.iterdir())]


def _path_of(file: Path) -> str:
    return "/" if file.name == "index.html" else "/" + re.escape(file.name)


def _file_answer(file: Path) -> Callable[[Request], Answer]:
    return lambda _: Answer(200, file.read_bytes(), _TYPES[file.suffix])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def __init__(self, *arguments: Any, routes: Sequence[Route], prefix: str) -> None:
        self._routes = routes
        self._prefix = prefix
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else 0
        if size > _LARGEST:
            self.close_connection = True
            self._send(as_json({"error": "too_large"}, 413))
            return
        self._answer(self.rfile.read(size))

    def log_message(self, format: str, *args: object) -> None:
        """Silent: paths carry what is being signed."""

    def _answer(self, body: bytes) -> None:
        request = Request({}, body, self.headers.get("Content-Type", ""))
        self._send(_dispatch(self._routes, self._prefix, self.command, self.path, request))

    def _send(self, answer: Answer) -> None:
        if answer.status == 0:
            self.close_connection = True
            return
        self.send_response(answer.status)
        headers = {**_HEADERS, "Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, as one does after its time limit, is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def make_server(port: int, routes: Sequence[Route], prefix: str) -> ThreadingHTTPServer:
    """Bind to the loopback. A path that still has the reverse proxy's prefix is served as without it."""
    return _Server(("127.0.0.1", port), partial(_Handler, routes=routes, prefix=prefix))


def _dispatch(routes: Sequence[Route], prefix: str, method: str, target: str, request: Request) -> Answer:
    path = urlsplit(target).path
    path = path[len(prefix) :] if path.startswith(prefix + "/") else path
    for route in routes:
        match = re.fullmatch(route.path, path)
        if route.method != method or match is None:
            continue
        try:
            return route.answer(Request(match.groupdict(), request.body, request.content_type))
        except Mistake as mistake:
            return mistake.answer
    return as_json({"error": "not_found"}, 404)


def serve(server: ThreadingHTTPServer, ready_file: Path | None) -> None:
    """Tell where it listens (`{"url", "port"}`, in the ready file or on standard output), then serve until stopped."""
    port = server.server_address[1]
    ready = json.dumps({"url": f"http://127.0.0.1:{port}", "port": port})
    if ready_file is None:
        sys.stdout.write(ready + "\n")
        sys.stdout.flush()
    else:
        beside = ready_file.with_name(ready_file.name + ".part")
        beside.write_text(ready, encoding="utf-8")
        beside.replace(ready_file)  # at once, so that who waits for it never reads half of it
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
