"""The inquiry's calls of DynamoDB: botocore's credentials, endpoint, signature and hooks, and one kept connection.

What is left out is the client's way between an operation's arguments and its bytes (endpoint rules, models of shapes,
a dozen events, four layers around the connection), which costs three times as much as signing and sending. What these
calls say is DynamoDB's own JSON, and what they are told is read as that. A try ends as early as one of a QUICK client
(`ryoji.adapters.aws`), and the last one when the time is over that the caller has.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from ryoji.adapters.aws import QUICK, QUICK_SECONDS, client, passing
from ryoji.adapters.deadline import ENDLESS, Deadline
from ryoji.errors import Conflict, Unavailable

Item = dict[str, Any]
_TRIES = 2
_PAUSE_SECONDS = 0.05
_CHECKSUM = "x-amz-crc32"


def call(operation: str, asked: Item, until: Deadline = ENDLESS) -> Item:
    """What an operation answers. Raises Conflict when its condition does not hold, Unavailable for all else."""
    wire, body = _wire(client("dynamodb", patience=QUICK)), json.dumps(asked, separators=(",", ":")).encode()
    for left in reversed(range(_TRIES)):
        answer = wire.answer_to(operation, body, until)
        if isinstance(answer, dict):
            return answer
        if not answer or not left or not until.pause(_PAUSE_SECONDS):
            break
    raise Unavailable("storage_unavailable")


class _At(NamedTuple):
    """When a request is signed, as botocore's signer reads it."""

    context: dict[str, str]


class _Wire:
    """One client's way to its endpoint, with a connection for each thread."""

    def __init__(self, made: Any) -> None:
        import boto3
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSPreparedRequest

        session = boto3.DEFAULT_SESSION
        credentials = session.get_credentials() if session else None
        if credentials is None:
            raise Unavailable("storage_unavailable")
        self.url, self.region, self.events = made.meta.endpoint_url, made.meta.region_name, made.meta.events
        self.host = urlsplit(self.url).netloc
        self.credentials = credentials
        # They are told less than their own request has, and read no more of it.
        self.signer: Any = SigV4Auth
        self.prepared: Any = AWSPreparedRequest
        self.kept = threading.local()

    def answer_to(self, operation: str, body: bytes, until: Deadline) -> Item | bool:
        """The answer, or whether it may come on another try. Raises Conflict when a condition does not hold."""
        try:
            status, checksum, said = self._send(operation, body, until)
        except (OSError, HTTPException):
            self._hang_up()
            return True
        except Unavailable:
            # The time was over in the midst of it: what still comes must not be read as the next call's answer.
            self._hang_up()
            raise
        if status == 200:
            read = _read(checksum, said)
            return True if read is None else read
        code = str((_json(said) or {}).get("__type", "")).rpartition("#")[2]
        if code == "ConditionalCheckFailedException":
            raise Conflict("conflict")
        return status >= 500 or passing(code)

    def _send(self, operation: str, body: bytes, until: Deadline) -> tuple[int, str | None, bytes]:
        headers = self.signed(operation, body, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        # Whoever stands before botocore's sending stands before this, too.
        prepared = self.prepared("POST", self.url + "/", headers, body, False)
        _, instead = self.events.emit_until_response(f"before-send.dynamodb.{operation}", request=prepared)
        if instead is not None:
            return instead.status_code, instead.headers.get(_CHECKSUM), instead.content
        connection = self._connection(until.left(QUICK_SECONDS))
        connection.request("POST", "/", body, headers)
        connection.sock.settimeout(until.left(QUICK_SECONDS))
        answer = connection.getresponse()
        return answer.status, answer.headers.get(_CHECKSUM), answer.read()

    def signed(self, operation: str, body: bytes, at: str) -> dict[str, str]:
        """The headers of a call with its signature (AWS Signature Version 4).

        They are always the same few, so the canonical request is written out; what signs it is botocore's.
        """
        credentials = self.credentials.get_frozen_credentials()
        token = {"x-amz-security-token": credentials.token} if credentials.token else {}
        headers = {
            "accept-encoding": "identity",
            "content-type": "application/x-amz-json-1.0",
            "host": self.host,
            "x-amz-date": at,
            **token,
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        }
        names, digest = ";".join(headers), sha256(body).hexdigest()
        lines = "".join([f"{name}:{value}\n" for name, value in headers.items()])
        signer, request = self.signer(credentials, "dynamodb", self.region), _At({"timestamp": at})
        text = signer.string_to_sign(request, f"POST\n/\n\n{lines}\n{names}\n{digest}")
        signature = signer.signature(text, request)
        scope = signer.scope(request)
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}"
        )
        headers["user-agent"] = "ryoji"
        return headers

    def _connection(self, seconds: float) -> HTTPConnection:
        from urllib3.util.wait import wait_for_read

        known: HTTPConnection | None = getattr(self.kept, "connection", None)
        # One that the other side has closed while nobody asked is not a try that failed.
        if known is not None and known.sock and not wait_for_read(known.sock, timeout=0.0):
            known.sock.settimeout(seconds)
            return known
        self._hang_up()
        connection = self.kept.connection = self._connected()
        connection.timeout = seconds
        return connection

    def _connected(self) -> HTTPConnection:
        if not self.url.startswith("https:"):
            return HTTPConnection(self.host, timeout=QUICK_SECONDS)
        import ssl

        from botocore.httpsession import get_cert_path

        trusted = ssl.create_default_context(cafile=get_cert_path(True))
        return HTTPSConnection(self.host, timeout=QUICK_SECONDS, context=trusted)

    def _hang_up(self) -> None:
        known: HTTPConnection | None = getattr(self.kept, "connection", None)
        if known is not None:
            known.close()
        self.kept.connection = None


@lru_cache(maxsize=1)
def _wire(made: Any) -> _Wire:
    return _Wire(made)


def _read(checksum: str | None, said: bytes) -> Item | None:
    """An answer as it left DynamoDB; None for what is none, or was changed on its way."""
    return None if checksum not in (None, str(crc32(said))) else _json(said)


def _json(said: bytes) -> Item | None:
    try:
        read = json.loads(said)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
