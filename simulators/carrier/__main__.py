"""`python -m simulators.carrier --port 0`: takes changed answers at `POST /{carrier}/changes` and acknowledges them."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from simulators.carrier.signatures import Api, genuine

LARGEST = 64 * 1024
SLOWLY = 8.0
MODES = ("ok", "down", "slow", "silent", "wrong", "relay")
RELAY_SECONDS = 5.0
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost):\d{1,5}(/.*)?")


@dataclass
class Desk:
    """What came, and how the desk behaves; each carrier has its own."""

    mode: str = "ok"
    # Where a relay hands on what comes.
    to: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)


class Server(ThreadingHTTPServer):
    """A server on loopback with a desk for each carrier."""

    daemon_threads = True
    desks: dict[str, Desk]
    api: Api | None = None

    def desk(self, carrier: str) -> Desk:
        """The desk of a carrier, made when it is first named."""
        return self.desks.setdefault(carrier, Desk())


class Handler(BaseHTTPRequestHandler):
    """`/health`; `/{carrier}/changes` (GET lists, POST receives); `POST /{carrier}/behaviour` sets the mode."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: Server

    def do_GET(self) -> None:
        """What came."""
        path = self._path()
        if path == ["health"]:
            return self._json(200, {"status": "ok"})
        if len(path) == 2 and path[1] == "changes":
            return self._json(200, {"changes": self.server.desk(path[0]).received})
        if len(path) == 2 and path[1] == "behaviour":
            return self._json(200, {"mode": self.server.desk(path[0]).mode, "modes": MODES})
        return self._json(404, {"error": "not_found"})

    def do_POST(self) -> None:
        """A change, or how to behave."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            return self._json(413, {"error": "too_large"})
        body, path = self.rfile.read(length).decode(errors="replace"), self._path()
        if len(path) == 2 and path[1] == "changes":
            return self._receive(path[0], body)
        if len(path) == 2 and path[1] == "behaviour":
            return self._behave(self.server.desk(path[0]), body)
        return self._json(404, {"error": "not_found"})

    def _receive(self, carrier: str, body: str) -> None:
        desk = self.server.desk(carrier)
        if desk.mode == "down":
            return self._json(503, {"error": "down"})
        if desk.mode == "relay":
            return self._relay(desk.to, body)
        if not self._genuine(carrier, body):
            return self._json(401, {"error": "signature_wrong"})
        if desk.mode == "slow":
            time.sleep(SLOWLY)
        signed = self.headers.get("Ryoji-Signature", "")
        desk.received.append({"body": body, "signature": signed, "acknowledged": desk.mode in ("ok", "slow")})
        if desk.mode == "silent":
            return self._write(202, b"", "text/plain")
        if "edifact" in self.headers.get("Content-Type", ""):
            echo = body.replace("BGM+132", "BGM+312" if desk.mode != "wrong" else "BGM+999")
            return self._write(200, echo.encode(), "application/edifact")
        change = "another" if desk.mode == "wrong" else _change_of(body)
        return self._json(200, {"acknowledged": change})

    def _relay(self, to: str, body: str) -> None:
        """Let another program answer, on its own terms: it is handed the change as it came."""
        headers = {name: self.headers.get(name, "") for name in ("Content-Type", "Ryoji-Signature")}
        address = urlsplit(to)
        other = HTTPConnection(address.hostname or "", address.port, timeout=RELAY_SECONDS)
        try:
            other.request("POST", address.path or "/", body.encode(), headers)
            answer = other.getresponse()
            said, kind = answer.read(LARGEST), answer.headers.get("Content-Type", "text/plain")
        except (OSError, HTTPException):
            return self._json(503, {"error": "nobody_there"})
        finally:
            other.close()
        return self._write(answer.status, said, kind)

    def _genuine(self, carrier: str, body: str) -> bool:
        if self.server.api is None:
            return True
        key = self.server.api.push_key(carrier)
        return key is not None and genuine(self.headers.get("Ryoji-Signature", ""), body, key, time.time())

    def _behave(self, desk: Desk, body: str) -> None:
        try:
            asked = json.loads(body)
            mode, to = asked["mode"], str(asked.get("to", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            mode, to = None, ""
        if mode not in MODES:
            return self._json(422, {"error": "mode_wrong", "modes": MODES})
        if mode == "relay" and not _LOOPBACK.fullmatch(to):
            return self._json(422, {"error": "to_wrong", "example": "http://127.0.0.1:8090/"})
        desk.mode, desk.to = mode, to
        return self._json(200, {"mode": mode})

    def _path(self) -> list[str]:
        path = self.path.partition("?")[0]
        return re.sub(r"^/simulators/carrier(?=/)", "", path).strip("/").split("/")

    def _json(self, status: int, value: object) -> None:
        self._write(status, json.dumps(value).encode(), "application/json")

    def _write(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the parts' logs are for faults."""


def _change_of(body: str) -> str:
    try:
        return str(json.loads(body)["change"])
    except (ValueError, KeyError, TypeError):
        return ""


def main() -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.carrier", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--prefix", default="", help="taken off by itself; for likeness with the other parts")
    parser.add_argument(
        "--api", help="Ryoji's API, where the keys of signatures are read; without it none is checked"
    )
    parser.add_argument("--token-url", help="where tokens are given")
    given = parser.parse_args()
    server = Server(("127.0.0.1", given.port), Handler)
    server.desks = {}
    if given.api:
        # By carrier: [client, secret]. Secrets do not stand in a list of processes.
        server.api = Api(given.api, given.token_url, json.loads(os.environ["CARRIER_CLIENTS"]))
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
