"""A push ends when its time is over, whatever the carrier does meanwhile."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ryoji.adapters.carriers_http import push
from ryoji.adapters.deadline import Deadline
from ryoji.permissions.carrier import Carrier, carrier_called
from ryoji.permissions.changes import Change
from ryoji.permissions.transaction import Flight, References

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ON = Flight("XA339", "PVG", "NRT", "2026-11-24T16:20", "2026-11-24T20:35", date(2026, 11, 24))
CHANGE = Change(f"{'A' * 16}-0-1", "XB", "A" * 16, ON, References("P1"), "OK_TO_BOARD", "NO_BOARD", NOW)
SAID = json.dumps({"acknowledged": CHANGE.id}).encode()
# Far beyond each deadline here, and less than what a drip or nine dead addresses take.
LONG = 3.0
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(SAID), SAID)


def told_at(url: str) -> Carrier:
    agreed = {"client": "xb", "code": "XB", "designators": ["XB"], "push": {"url": url}}
    found = carrier_called("XB", {"carriers": [agreed]})
    assert found
    return found


@contextmanager
def carrier(behave: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[Carrier]:
    """A carrier on a port of its own, which takes one connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection, suppress(OSError):
                # To its end: who closes on what is unread takes back what was said.
                while (came := connection.recv(65536)) and not came.endswith(b"}"):
                    pass
                behave(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield told_at(f"{'https' if tls else 'http'}://127.0.0.1:{server.getsockname()[1]}/changes?of=XB")
        thread.join(5)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The carrier's end of TLS, with a certificate that is believed here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xb.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    for of, data in (("key", key.private_bytes(*form)), ("certificate", made.public_bytes(Encoding.PEM))):
        (tmp_path / of).write_bytes(data)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    return context


def dripping(head: bytes) -> Callable[[socket.socket], None]:
    """A beginning, then a drop every now and then for as long as somebody listens."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(100):
            time.sleep(0.05)
            connection.sendall(b" ")

    return behave


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(answer)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n",
    ],
    ids=["nothing", "status", "headers", "body"],
)
def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(head: bytes) -> None:
    with carrier(dripping(head)) as who:
        begun = time.monotonic()
        assert not push(who, CHANGE, b"k" * 32, NOW, Deadline(0.3))
        assert time.monotonic() - begun < LONG


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (WHOLE, True),
        (WHOLE.replace(b"200 OK", b"503 No"), False),
        (b"HTTP/1.1 200 OK\r\n\r\n" + SAID, True),
        (b"nonsense", False),
        (b"", False),
    ],
)
def test_what_is_said_in_time_counts(answer: bytes, taken: bool) -> None:
    with carrier(saying(answer)) as who:
        assert push(who, CHANGE, b"k" * 32, NOW) == taken


def test_what_is_said_elsewhere_is_not_this_carriers_word() -> None:
    with carrier(saying(WHOLE)) as elsewhere:
        moved = b"HTTP/1.1 302 Found\r\nLocation: %s\r\n" % str(elsewhere.push_url).encode()
        with carrier(saying(moved + b"Content-Length: 0\r\n\r\n")) as who:
            assert not push(who, CHANGE, b"k" * 32, NOW)
        # So that the other's one connection comes, too.
        assert push(elsewhere, CHANGE, b"k" * 32, NOW)


def test_a_push_by_tls_has_the_same_deadline(tls: ssl.SSLContext) -> None:
    with carrier(saying(WHOLE), tls) as who:
        assert push(who, CHANGE, b"k" * 32, NOW)
    with carrier(dripping(WHOLE[:-1]), tls) as who:
        begun = time.monotonic()
        assert not push(who, CHANGE, b"k" * 32, NOW, Deadline(0.5))
        assert time.monotonic() - begun < LONG


def test_a_handshake_that_never_comes_is_not_waited_for(tls: ssl.SSLContext) -> None:
    del tls
    with carrier(dripping(b"")) as plain:
        who = told_at(str(plain.push_url).replace("http:", "https:"))
        begun = time.monotonic()
        assert not push(who, CHANGE, b"k" * 32, NOW, Deadline(0.3))
        assert time.monotonic() - begun < LONG


def test_addresses_that_do_not_answer_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []

    def connect(_address: object, timeout: float) -> socket.socket:
        given.append(timeout)
        time.sleep(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("192.0.2.1", 80))] * 9)
    monkeypatch.setattr(socket, "create_connection", connect)
    begun = time.monotonic()
    assert not push(told_at("http://xb.example/"), CHANGE, b"k" * 32, NOW, Deadline(0.2))
    assert time.monotonic() - begun < LONG
    assert sum(given) <= 0.25


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://127.0.0.1:none/",
        "http://name.invalid/",
        "http://..example/",
        "http://[::1",
    ],
)
def test_who_is_not_there_has_not_acknowledged(url: str) -> None:
    assert not push(told_at(url), CHANGE, b"k" * 32, NOW)
