"""The HTTP door: AWS JSON 1.1 (`X-Amz-Target`) and Smithy RPC v2 CBOR (`/service/…/operation/…`), and `/health`.

botocore speaks CBOR to Textract and JSON to Rekognition; either is understood for both. Signatures are not checked.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from local.recognition import cbor, model
from local.recognition.errors import AwsError

MAX_BODY = 32 * 1024 * 1024  # two pictures of 5 MB or one of 10 MB, in base64, with room

Members = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One operation asked for: the service, its name, the raw body, and how the answer is to be written."""

    service: str
    operation: str
    body: bytes
    is_cbor: bool


def detect_document_text(request: Members) -> Members:
    """Textract DetectDocumentText."""
    from local.recognition.textract import detect_document_text as detect

    return detect(_picture(request["Document"]))


def detect_faces(request: Members) -> Members:
    """Rekognition DetectFaces."""
    from local.recognition.rekognition import detect_faces as detect

    return detect(_picture(request["Image"]), request.get("Attributes", ()))


def compare_faces(request: Members) -> Members:
    """Rekognition CompareFaces."""
    from local.recognition.rekognition import compare_faces as compare

    source, target = _picture(request["SourceImage"]), _picture(request["TargetImage"])
    return compare(source, target, request.get("SimilarityThreshold"))


OPERATIONS: dict[tuple[str, str], Callable[[Members], Members]] = {
    ("textract", "DetectDocumentText"): detect_document_text,
    ("rekognition", "DetectFaces"): detect_faces,
    ("rekognition", "CompareFaces"): compare_faces,
}
_TARGETS = {"Textract": "textract", "RekognitionService": "rekognition"}
_CBOR_PATH = re.compile(r"/service/(\w+)/operation/(\w+)")


def answer(call: Call) -> Members:
    """What the operation answers, checked against AWS's own model of it; raises AwsError."""
    operation = OPERATIONS.get((call.service, call.operation))
    if operation is None:
        raise AwsError("UnknownOperationException", f"{call.operation} is not answered here.")
    request = _request(call)
    found = model.input_faults(call.service, call.operation, request)
    if found:
        raise AwsError("InvalidParameterException", "; ".join(found[:3]))
    given = operation(request)
    wrong = model.output_faults(call.service, call.operation, given)
    if wrong:
        raise AwsError("InternalServerError", "; ".join(wrong[:3]), status=500)
    return given


def _request(call: Call) -> Members:
    try:
        request = cbor.decode(call.body) if call.is_cbor else json.loads(call.body or b"{}")
    except ValueError as error:
        raise AwsError("SerializationException", "The body cannot be read.") from error
    if not isinstance(request, dict):
        raise AwsError("SerializationException", "The body is not a structure.")
    return request if call.is_cbor else {name: _with_bytes(value) for name, value in request.items()}


def _with_bytes(value: Any) -> Any:
    """JSON carries bytes as base64; they stand one level down, in Image and Document."""
    if not isinstance(value, dict) or not isinstance(value.get("Bytes"), str):
        return value
    try:
        return {**value, "Bytes": base64.b64decode(value["Bytes"], validate=True)}
    except binascii.Error as error:
        raise AwsError("SerializationException", "Bytes is not base64.") from error


def _picture(image: Members) -> bytes:
    """The bytes that came along, or those of the S3 object that is named."""
    if "Bytes" in image:
        return bytes(image["Bytes"])
    if "S3Object" not in image:
        raise AwsError("InvalidParameterException", "Neither Bytes nor S3Object is given.")
    return _stored(image["S3Object"])


def _stored(place: Members) -> bytes:
    """Read with the standard AWS settings of the environment (AWS_ENDPOINT_URL, credentials, region)."""
    import botocore.session
    from botocore.exceptions import BotoCoreError, ClientError

    wanted = {"Bucket": place.get("Bucket", ""), "Key": place.get("Name", "")}
    if "Version" in place:
        wanted["VersionId"] = place["Version"]
    try:
        client: Any = botocore.session.get_session().create_client("s3")
        stored = client.get_object(**wanted)
        return bytes(stored["Body"].read())
    except (BotoCoreError, ClientError) as error:
        raise AwsError("InvalidS3ObjectException", "Unable to get object metadata from S3.") from error


class Turns:
    """So many are worked for at a time, and of those who wait the one who came last is next.

    In a crowd the first in the line is always about to give up: whoever was served in order would be gone when the
    answer is there. Who has waited for too long asks again, and is then the last that came.
    """

    def __init__(self, places: int) -> None:
        self.free = places
        self.waiting: list[threading.Event] = []
        self.lock = threading.Lock()

    def __enter__(self) -> None:
        with self.lock:
            if self.free:
                self.free -= 1
                return
            mine = threading.Event()
            self.waiting.append(mine)
        mine.wait()

    def __exit__(self, *_: object) -> None:
        with self.lock:
            if self.waiting:
                self.waiting.pop().set()
            else:
                self.free += 1


_TURNS = Turns(2)


class Door(BaseHTTPRequestHandler):
    """One request of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "ryoji-recognition"
    answers = staticmethod(answer)

    def do_GET(self) -> None:
        """`/health` only."""
        if self.path == "/health":
            self._send(200, json.dumps({"status": "ok"}).encode(), "application/json")
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        """One operation."""
        call = self._call()
        if call is None:
            return
        with _TURNS:
            if self._is_given_up():
                self.close_connection = True
                return
            self._answer(call)

    def _is_given_up(self) -> bool:
        """Whether the caller has hung up while it waited for its turn, and asks again or not at all."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _answer(self, call: Call) -> None:
        try:
            status, members = 200, self.answers(call)
        except AwsError as error:
            kind = f"com.amazonaws.{call.service}#{error.code}" if call.is_cbor else error.code
            status, members = error.status, {"__type": kind, "message": error.message}
        except Exception as error:
            # The door must answer, whatever a model trips over; the caller retries as with AWS.
            status, members = (
                500,
                {"__type": "InternalServerError", "message": "The picture could not be worked on."},
            )
            self.log_error("%s failed: %r", call.operation, error)
        if call.is_cbor:
            self._send(status, cbor.encode(members), "application/cbor", {"smithy-protocol": "rpc-v2-cbor"})
        else:
            self._send(status, json.dumps(members).encode(), "application/x-amz-json-1.1")

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: a path would be all that there is to say. Errors are (log_error)."""
        if format != '"%s" %s %s':
            super().log_message(format, *args)

    def _call(self) -> Call | None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self._send(413, b"", "text/plain")
            return None
        body = self.rfile.read(length)
        path = _CBOR_PATH.fullmatch(self.path)
        if path:
            return Call(_TARGETS.get(path[1], path[1].lower()), path[2], body, is_cbor=True)
        target, _, operation = self.headers.get("X-Amz-Target", "").partition(".")
        return Call(_TARGETS.get(target, ""), operation, body, is_cbor=False)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", str(uuid4()))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def listen(port: int, remember: int = 0) -> ThreadingHTTPServer:
    """A server on the loopback interface; port 0 takes a free one. It keeps the latest `remember` answers."""

    class Remembering(Door):
        answers = staticmethod(lru_cache(maxsize=remember)(answer))

    server = ThreadingHTTPServer(("127.0.0.1", port), Remembering if remember else Door)
    server.daemon_threads = True
    return server
