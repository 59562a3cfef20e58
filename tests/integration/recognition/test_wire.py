"""The stand-in's wire: CBOR both ways, AWS's models as a measure, pictures that lie in S3. No recognition needed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.parsers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.recognition import cbor, model
from local.recognition.errors import AwsError
from local.recognition.rekognition import similarity
from local.recognition.server import Call, Door, _picture, answer, listen

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.binary()
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(VALUES)
def test_cbor_goes_both_ways(value: Any) -> None:
    assert cbor.decode(cbor.encode(value)) == value


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.floats(allow_nan=False) | st.text() | st.binary() | st.booleans()))
def test_botocore_reads_what_is_written(value: dict[str, Any]) -> None:
    parser = botocore.parsers.RpcV2CBORParser()
    assert parser.parse_data_item(parser.get_peekable_stream_from_bytes(cbor.encode(value))) == value


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_not_cbor_are_refused(data: bytes) -> None:
    try:
        cbor.decode(data)
    except ValueError:
        return


def test_answers_beside_the_model_are_found() -> None:
    face = {
        "Confidence": 101.0,
        "Beauty": 9,
        "Pose": {"Yaw": "left"},
        "Landmarks": [{"Type": "elbow", "X": 0.1}],
    }
    found = model.output_faults("rekognition", "DetectFaces", {"FaceDetails": [face]})
    assert found == [
        "/FaceDetails/0/Confidence: over 100",
        "/FaceDetails/0/Beauty: not a member",
        "/FaceDetails/0/Pose/Yaw: not a number",
        "/FaceDetails/0/Landmarks/0/Type: not one of the enumeration",
    ]


def test_errors_that_are_answered_are_aws_own() -> None:
    assert {
        "InvalidImageFormatException",
        "ImageTooLargeException",
        "InvalidParameterException",
    } <= model.error_codes("rekognition", "DetectFaces")
    assert {
        "UnsupportedDocumentException",
        "DocumentTooLargeException",
        "BadDocumentException",
    } <= model.error_codes("textract", "DetectDocumentText")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Call("textract", "AnalyzeID", b"{}", is_cbor=False), "UnknownOperationException"),
        (Call("textract", "DetectDocumentText", b"{", is_cbor=False), "SerializationException"),
        (Call("textract", "DetectDocumentText", b"{}", is_cbor=False), "InvalidParameterException"),
        (Call("textract", "DetectDocumentText", b"\xff", is_cbor=True), "SerializationException"),
        (
            Call("rekognition", "DetectFaces", b'{"Image":{"Bytes":"*"}}', is_cbor=False),
            "SerializationException",
        ),
    ],
)
def test_requests_that_cannot_be_answered(call: Call, code: str) -> None:
    with pytest.raises(AwsError) as refusal:
        answer(call)
    assert refusal.value.code == code


def test_similarity_falls_with_distance_and_puts_known_distances_into_their_bands() -> None:
    assert similarity(0.0) > similarity(0.3) > similarity(0.6) > similarity(1.0)
    assert similarity(0.44) >= 99
    assert similarity(0.6) == pytest.approx(80, abs=0.1)
    assert similarity(0.75) < 80


class _Shelf(BaseHTTPRequestHandler):
    """As much of S3 as one GET needs."""

    def do_GET(self) -> None:
        found = self.path.split("?")[0] == "/pictures/a/portrait.jpg"
        body = b"a picture" if found else b"<Error><Code>NoSuchKey</Code></Error>"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shelf) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        yield
        server.shutdown()


def test_a_picture_may_lie_in_s3(shelf: None) -> None:
    assert _picture({"S3Object": {"Bucket": "pictures", "Name": "a/portrait.jpg"}}) == b"a picture"


def test_bytes_come_before_s3() -> None:
    assert _picture({"Bytes": b"x", "S3Object": {"Bucket": "pictures", "Name": "a"}}) == b"x"


def test_an_object_that_is_not_there_is_an_invalid_object(shelf: None) -> None:
    with pytest.raises(AwsError) as refusal:
        _picture({"S3Object": {"Bucket": "pictures", "Name": "b"}})
    assert refusal.value.code == "InvalidS3ObjectException"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, threading.Event, list[str]]]:
    """A door that works on nothing until it is let, and notes whom it worked for: port, the letting, the notes."""
    let, worked = threading.Event(), []

    def answer(call: Call) -> dict[str, Any]:
        worked.append(call.operation)
        let.wait(20)
        return {}

    monkeypatch.setattr(Door, "answers", staticmethod(answer))
    door = listen(0)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    yield door.server_address[1], let, worked
    let.set()
    door.shutdown()
    door.server_close()


def test_nobody_works_for_a_caller_who_has_given_up(busy: tuple[int, threading.Event, list[str]]) -> None:
    port, let, worked = busy

    def ask(operation: str) -> socket.socket:
        caller = socket.create_connection(("127.0.0.1", port), timeout=20)
        head = f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Textract.{operation}\r\nContent-Length: 2\r\n\r\n{{}}"
        caller.sendall(head.encode())
        return caller

    working = [ask(f"Working{n}") for n in range(2)]
    _until(lambda: len(worked) == 2)
    gone, waiting = ask("Gone"), ask("Waiting")
    gone.close()
    let.set()
    for caller in (*working, waiting):
        assert caller.recv(12) == b"HTTP/1.1 200"
        caller.close()
    assert sorted(worked) == ["Waiting", "Working0", "Working1"]


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)
