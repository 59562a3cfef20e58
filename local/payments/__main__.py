"""Start the gateway and its localstripe: `python -m local.payments --port 0 --state DIR --ready-file F`."""

from __future__ import annotations

import argparse
import json
import re
import signal
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from local.payments import SECRET_KEY, STRIPE_PYTHON
from local.payments.deliveries import Deliveries
from local.payments.gateway import Call, Gateway
from local.payments.upstream import Answer, Localstripe, start, wait

SCRIPT = Path(__file__).with_name("stripe.js")
LARGEST = 1 << 20


class Server(ThreadingHTTPServer):
    """A server on loopback that knows its gateway."""

    daemon_threads = True
    gateway: Gateway


class Handler(BaseHTTPRequestHandler):
    """HTTP in, gateway's answer out. Bodies and keys are never logged."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """The script, health, or a call."""
        path = urlsplit(self.path).path
        if path.endswith(("/v3/", "/stripe.js")):
            return self._write(Answer(200, SCRIPT.read_bytes()), "text/javascript; charset=utf-8")
        if path == "/health":
            return self._write(Answer(200 if self.server.gateway.healthy else 503, b"{}"))
        return self._call()

    def do_POST(self) -> None:
        """A call."""
        self._call()

    def do_DELETE(self) -> None:
        """A call."""
        self._call()

    def _call(self) -> None:
        try:
            body = self._body()
        except ValueError:
            return self._refuse(400)
        if body is None:
            return self._refuse(413)
        url = urlsplit(self.path)
        call = Call(
            method=self.command,
            path=url.path,
            query=url.query,
            body=body,
            authorization=self.headers.get("Authorization", "none"),
            content_type=self.headers.get("Content-Type", "application/x-www-form-urlencoded"),
            idempotency_key=self.headers.get("Idempotency-Key"),
        )
        try:
            answer, replayed = self.server.gateway.answer(call)
        except (OSError, KeyError, TypeError, ValueError):
            answer, replayed = Answer(500, b'{"error": {"type": "api_error"}}'), False
        return self._write(answer, replayed=replayed)

    def _refuse(self, status: int) -> None:
        # What was not read must not be taken for the next call.
        self.close_connection = True
        self._write(Answer(status, b"{}"))

    def _body(self) -> bytes | None:
        """The call's body, whole or in chunks (RFC 9112 section 7.1); None when it is too large.

        Raises ValueError for a length that is none.
        """
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            length = _length(self.headers.get("Content-Length") or "0", 10)
            return self.rfile.read(length) if length <= LARGEST else None
        body = b""
        while size := _length(self.rfile.readline(64).partition(b";")[0].strip(), 16):
            if len(body) + size > LARGEST:
                return None
            body += self.rfile.read(size)
            self.rfile.readline(64)
        while self.rfile.readline(LARGEST).strip():
            pass
        return body

    def _write(self, answer: Answer, content_type: str = "application/json", replayed: bool = False) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        # Like Stripe's: any page may call, what it may do hangs on the keys that it brings.
        self.send_header("Access-Control-Allow-Origin", "*")
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing: paths here carry client secrets."""


def _length(said: str | bytes, base: int) -> int:
    """How many bytes follow; ValueError for what is no such number."""
    if not re.fullmatch(rb"[0-9a-fA-F]+", said if isinstance(said, bytes) else said.encode()):
        raise ValueError
    return int(said, base)


def main() -> None:
    """Serve until told to stop."""
    options = _options()
    options.state.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = _free_port()
    localstripe = Localstripe(port, SECRET_KEY)
    process = _started(options.stripe_python, port, options.state, localstripe)
    try:
        _serve(options, localstripe)
    except KeyboardInterrupt:
        pass
    finally:
        process.terminate()
        process.wait()


def _serve(options: argparse.Namespace, localstripe: Localstripe) -> None:
    server = Server(("127.0.0.1", options.port), Handler)
    server.gateway = Gateway(localstripe, Deliveries(options.state / "webhooks.json"))
    port = server.server_address[1]
    if options.ready_file:
        options.ready_file.write_text(json.dumps({"port": port}))
    server.serve_forever()


def _started(python: Path, port: int, state: Path, localstripe: Localstripe) -> subprocess.Popen[bytes]:
    kept = state / "localstripe.pickle"
    for _ in range(2):
        process = start(python, port, state)
        try:
            wait(process, localstripe)
        except RuntimeError:
            process.kill()
            process.wait()
            if not kept.exists():
                raise
            # It writes its state in place: one that was killed while writing leaves a file that it cannot read.
            kept.replace(state / "localstripe.broken")
        else:
            return process
    raise RuntimeError("localstripe did not start; its own words are in localstripe.log")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.payments", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--stripe-python", type=Path, default=STRIPE_PYTHON)
    return parser.parse_args()


if __name__ == "__main__":
    main()
