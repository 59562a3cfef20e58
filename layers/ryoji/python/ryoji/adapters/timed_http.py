"""One POST that is over by a deadline, whatever the other side does.

A timeout of `http.client` or urllib3 is one for each address that is tried and each read of the socket: whoever answers
drop by drop is never late. Here every wait has what is left of the whole; only looking the name up has the resolver's.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from ryoji.adapters.deadline import ENDLESS, Deadline

# An address that does not answer leaves the next one its turn.
_CONNECT_SECONDS = 2.0
_SAID = {"Connection": "close", "User-Agent": "ryoji"}


def post(
    url: str, body: bytes, headers: Mapping[str, str], until: Deadline, *, most: int
) -> tuple[int, bytes]:
    """The status and the answer, of which `most` bytes are read. A redirection is an answer like any other.

    Raises OSError, HTTPException, and Unavailable when the time is over.
    """
    parts = urlsplit(url)
    connection = (_Secure if parts.scheme == "https" else _Plain)(parts.netloc)
    connection.until = until
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        connection.sock.settimeout(until.left())
        connection.request("POST", target, body, {**_SAID, **headers})
        with connection.getresponse() as answer:
            return answer.status, answer.read(most)
    finally:
        connection.close()


class _Plain(HTTPConnection):
    until = ENDLESS

    def connect(self) -> None:
        # `create_connection` would give each address of a name the whole time.
        failed = OSError("no address")
        for *_, (host, port, *_) in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            try:
                self.sock = socket.create_connection((str(host), port), self.until.left(_CONNECT_SECONDS))
            except OSError as error:
                failed = error
            else:
                # A handshake that may follow has this much.
                self.sock.settimeout(self.until.left())
                return
        raise failed

    # `http.client` calls it as it would the class.
    def response_class(self, sock: socket.socket, *told: Any, **named: Any) -> HTTPResponse:  # type: ignore[override]
        """The answer, read by the deadline."""
        answer = HTTPResponse(sock, *told, **named)
        answer.fp = io.BufferedReader(_Within(answer.fp.detach(), sock, self.until))
        return answer


class _Secure(HTTPSConnection, _Plain):
    """The same by TLS."""


class _Within(io.RawIOBase):
    """What comes from a socket, each wait no longer than what is left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, until: Deadline) -> None:
        self.raw, self.sock, self.until = raw, sock, until

    def readable(self) -> bool:
        """It is only read."""
        return True

    def readinto(self, into: Any) -> int | None:
        """What has come, waited for."""
        self.sock.settimeout(self.until.left())
        return self.raw.readinto(into)

    def close(self) -> None:
        """The socket's end of it, too."""
        self.raw.close()
        super().close()
