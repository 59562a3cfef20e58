"""The inquiry's own way to DynamoDB: signed as botocore signs, tried as its quick client tries, no yes by a fault."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util.wait import wait_for_read

from ryoji.adapters import dynamodb_calls
from ryoji.adapters.aws import QUICK, client
from ryoji.adapters.deadline import Deadline
from ryoji.adapters.dynamodb_calls import call
from ryoji.errors import Conflict, Unavailable

AT = "20261124T010203Z"
THROTTLED = (400, json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"}).encode())
REFUSED = (400, json.dumps({"__type": "com.amazon.coral.service#AccessDeniedException"}).encode())
NOT_SO = (400, json.dumps({"__type": "x#ConditionalCheckFailedException"}).encode())
GOOD = (200, b'{"Attributes": {}}')
WRONG_SUM = (200, b'{"Attributes": {"calls": {"N": "0"}}}', str(crc32(b"what left")))


class Service(BaseHTTPRequestHandler):
    """Answers in turn; `closes` the connection behind each answer without having said so."""

    protocol_version = "HTTP/1.1"
    answers: list[Any]
    seen: list[dict[str, str]]
    closes = False

    def do_POST(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        self.rfile.read(int(self.headers["content-length"]))
        status, body, *checksum = self.answers.pop(0)
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-crc32", checksum[0] if checksum else str(crc32(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.closes

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Service]]:
    handler = type("Answering", (Service,), {"answers": [], "seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_REGION": "ap-northeast-1",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    client.cache_clear()
    yield handler
    dynamodb_calls._wire(client("dynamodb", patience=QUICK))._hang_up()
    dynamodb_calls._wire.cache_clear()
    client.cache_clear()
    server.shutdown()
    server.server_close()


@given(st.binary(max_size=300), st.sampled_from([None, "a-session/of+lambda=="]))
def test_it_is_signed_as_botocore_signs(body: bytes, token: str | None) -> None:
    url = "https://dynamodb.ap-northeast-1.amazonaws.com"
    wire = dynamodb_calls._Wire.__new__(dynamodb_calls._Wire)
    wire.host, wire.region, wire.signer = (
        url.removeprefix("https://"),
        "ap-northeast-1",
        botocore.auth.SigV4Auth,
    )
    wire.credentials = Credentials("AKIDEXAMPLE", "secret", token)
    ours = wire.signed("BatchGetItem", body, AT)

    with pytest.MonkeyPatch.context() as patched:
        at = datetime.strptime(AT, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - botocore's own clock has no zone
        patched.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: at, raising=False)
        told = {name: ours[name] for name in ("accept-encoding", "content-type", "x-amz-target")}
        theirs = AWSRequest("POST", url + "/", told, body)
        botocore.auth.SigV4Auth(wire.credentials, "dynamodb", "ap-northeast-1").add_auth(theirs)
    assert theirs.headers["X-Amz-Date"] == ours["x-amz-date"]
    assert theirs.headers["Authorization"] == ours["authorization"]
    assert theirs.headers.get("X-Amz-Security-Token") == ours.get("x-amz-security-token")


def test_a_connection_that_was_closed_meanwhile_is_no_failed_try(
    service: type[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.closes = True
    service.answers += [GOOD, GOOD]
    assert call("UpdateItem", {}) == {"Attributes": {}}
    kept = dynamodb_calls._wire(client("dynamodb", patience=QUICK)).kept.connection
    assert wait_for_read(kept.sock, timeout=5)
    monkeypatch.setattr(dynamodb_calls, "_TRIES", 1)
    assert call("UpdateItem", {}) == {"Attributes": {}}
    assert len(service.seen) == 2
    assert service.seen[0]["x-amz-target"] == "DynamoDB_20120810.UpdateItem"


@pytest.mark.parametrize(
    "first", [THROTTLED, (500, b"{}"), (0, b""), (200, b"<html>"), (200, b"[]"), WRONG_SUM]
)
def test_what_passes_is_tried_once_more(service: type[Service], first: Any) -> None:
    service.answers += [first, GOOD]
    assert call("UpdateItem", {}) == {"Attributes": {}}
    service.answers += [first, first]
    with pytest.raises(Unavailable):
        call("UpdateItem", {})
    assert len(service.seen) == 4


def test_what_is_refused_for_good_is_not_tried_again(service: type[Service]) -> None:
    service.answers += [REFUSED, NOT_SO]
    with pytest.raises(Unavailable):
        call("BatchGetItem", {})
    with pytest.raises(Conflict):
        call("UpdateItem", {})
    assert len(service.seen) == 2


def test_nobody_there_is_unavailable(service: type[Service], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_calls, "HTTPConnection", _refusing)
    with pytest.raises(Unavailable):
        call("BatchGetItem", {})
    assert service.seen == []


def test_no_try_waits_longer_than_its_caller_has(
    service: type[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, limits = [0.0], [0.0]
    wait = _waiting(now)

    def request(*_: Any) -> None:
        wait(0.25)

    def silent() -> Any:
        wait(limits[-1])
        raise TimeoutError

    def made(_: str, timeout: float) -> Any:
        sock = SimpleNamespace(settimeout=limits.append)
        return SimpleNamespace(
            timeout=timeout, sock=sock, request=request, getresponse=silent, close=lambda: None
        )

    monkeypatch.setattr(dynamodb_calls, "HTTPConnection", made)
    with pytest.raises(Unavailable):
        call("BatchGetItem", {}, Deadline(2.0, lambda: now[0], wait))
    assert limits == [0.0, 1.0, pytest.approx(0.45)]
    assert now == [pytest.approx(2.0)]
    # The time is over while it is sent: nothing that comes later may be taken for another answer.
    with pytest.raises(Unavailable):
        call("BatchGetItem", {}, Deadline(0.2, lambda: now[0], wait))
    assert dynamodb_calls._wire(client("dynamodb", patience=QUICK)).kept.connection is None


def _waiting(now: list[float]) -> Callable[[float], None]:
    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def test_aws_itself_is_reached_by_tls_with_trusted_certificates() -> None:
    wire = dynamodb_calls._Wire.__new__(dynamodb_calls._Wire)
    wire.url, wire.host = (
        "https://dynamodb.ap-northeast-1.amazonaws.com",
        "dynamodb.ap-northeast-1.amazonaws.com",
    )
    connection: Any = wire._connected()
    assert connection.port == 443
    assert connection.timeout == 1
    assert connection._context.check_hostname
    assert connection._context.verify_mode.name == "CERT_REQUIRED"
    assert connection._context.cert_store_stats()["x509_ca"] > 0


def _refusing(*_: Any, **__: Any) -> Any:
    def request(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError

    return SimpleNamespace(request=request, sock=None, close=lambda: None)
