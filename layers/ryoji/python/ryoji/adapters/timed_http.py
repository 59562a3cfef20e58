"""One POST that is over by a deadline, whatever the other side does.

A timeout of `http.client` or urllib3 is one for each read of the socket: whoever answers drop by drop is never late.
Here the socket is shut when the time is over. Only looking the name up has the resolver's own time.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import SplitResult, urlsplit

from ryoji.adapters.deadline import Deadline

# An address that does not answer leaves the next one its turn.
_CONNECT_SECONDS = 2.0
_SAID = {"Connection": "close", "User-Agent": "ryoji"}


def post(
    url: str, body: bytes, headers: Mapping[str, str], until: Deadline, *, most: int
) -> tuple[int, bytes]:
    """The status and the answer, of which `most` bytes are read. A redirection is an answer like any other.

    Raises OSError, HTTPException, ValueError for an address that is none, and Unavailable when the time is over.
    """
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    connection.sock = sock = _connected(parts, until)
    over = threading.Timer(until.left(), _shut, (sock,))
    over.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**_SAID, **headers})
        with connection.getresponse() as answer:
            return answer.status, answer.read(most)
    finally:
        over.cancel()
        connection.close()


def _connected(parts: SplitResult, until: Deadline) -> socket.socket:
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    failed = OSError("no address")
    # `create_connection` would give each address of a name the whole time.
    for *_, (address, *_) in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.create_connection((str(address), port), until.left(_CONNECT_SECONDS))
        except OSError as error:
            failed = error
            continue
        sock.settimeout(until.left())
        return _secured(sock, parts) if secure else sock
    raise failed


def _secured(sock: socket.socket, parts: SplitResult) -> socket.socket:
    try:
        # The handshake as a whole has the socket's time.
        return ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
    except OSError:
        sock.close()
        raise


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        # Not the method of a socket with TLS, which takes what reads it away under the reader.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
