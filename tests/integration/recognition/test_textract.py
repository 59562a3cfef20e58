"""Textract's stand-in, asked by boto3 (which speaks CBOR to it) and by hand (JSON)."""

from __future__ import annotations

import base64
import io
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from local.recognition.model import output_faults

pytestmark = pytest.mark.recognition

PAGE = Path(__file__).parent / "pictures/specimen-page.jpg"
ZONE = ["P<JPNGAIMU<<SAKURA<<<<<<<<<<<<<<<<<<<<<<<<<<", "TR12345672JPN7902206F3003208<<<<<<<<<<<<<<00"]


def turned(degrees: int) -> bytes:
    with Image.open(PAGE) as page:
        out = io.BytesIO()
        page.rotate(degrees, expand=True, fillcolor=(90, 90, 90), resample=Image.Resampling.BICUBIC).save(
            out, "JPEG", quality=90
        )
    return out.getvalue()


def blocks(answer: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in answer["Blocks"] if block["BlockType"] == kind]


@pytest.mark.parametrize("degrees", [0, 7, 90, 180, 270])
def test_the_zone_is_read_whichever_way_up_the_page_lies(textract: Any, degrees: int) -> None:
    answer = textract.detect_document_text(Document={"Bytes": turned(degrees)})
    lines = blocks(answer, "LINE")
    assert [line["Text"] for line in lines][-2:] == ZONE
    assert lines[0]["Text"] == "JAPAN"
    (page,) = blocks(answer, "PAGE")
    wanted = (-degrees + 180) % 360 - 180
    assert abs((page["Geometry"]["RotationAngle"] - wanted + 180) % 360 - 180) < 3


def test_the_answer_is_of_aws_own_shape_and_its_parts_hang_together(textract: Any) -> None:
    answer = textract.detect_document_text(Document={"Bytes": PAGE.read_bytes()})
    answer.pop("ResponseMetadata")
    assert output_faults("textract", "DetectDocumentText", answer) == []
    known = {block["Id"]: block for block in answer["Blocks"]}
    (page,) = blocks(answer, "PAGE")
    assert page["Relationships"][0]["Ids"] == [line["Id"] for line in blocks(answer, "LINE")]
    for line in blocks(answer, "LINE"):
        words = [known[name]["Text"] for name in line["Relationships"][0]["Ids"]]
        assert " ".join(words) == " ".join(line["Text"].split())
        assert 50 <= line["Confidence"] <= 100
    for block in answer["Blocks"]:
        box = block["Geometry"]["BoundingBox"]
        xs = [point["X"] for point in block["Geometry"]["Polygon"]]
        assert min(xs) == pytest.approx(box["Left"], abs=1e-5)
        assert box["Left"] + box["Width"] <= 1 + 1e-5


def test_words_lie_where_they_stand_on_the_page(textract: Any) -> None:
    answer = textract.detect_document_text(Document={"Bytes": PAGE.read_bytes()})
    places = {block["Text"]: block["Geometry"]["BoundingBox"] for block in blocks(answer, "WORD")}
    assert places["FEB"]["Left"] > places["20"]["Left"]
    assert places["1979"]["Left"] > places["FEB"]["Left"]
    assert places["SAKURA"]["Top"] > places["GAIMU"]["Top"]


def test_a_page_without_text_has_no_lines(textract: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (200, 200, 200)).save(out, "PNG")
    answer = textract.detect_document_text(Document={"Bytes": out.getvalue()})
    assert [block["BlockType"] for block in answer["Blocks"]] == ["PAGE"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no picture", "UnsupportedDocumentException"),
        (b"%PDF-1.7", "UnsupportedDocumentException"),
        (PAGE.read_bytes()[:20_000], "BadDocumentException"),
        (b"\xff\xd8\xff" + bytes(10_485_760), "DocumentTooLargeException"),
    ],
)
def test_what_textract_refuses_is_refused_with_its_own_error(textract: Any, data: bytes, code: str) -> None:
    with pytest.raises(ClientError) as refusal:
        textract.detect_document_text(Document={"Bytes": data})
    assert refusal.value.response["Error"]["Code"] == code
    assert isinstance(refusal.value, getattr(textract.exceptions, code))


def test_an_object_that_cannot_be_read_is_an_invalid_object(textract: Any) -> None:
    with pytest.raises(ClientError) as refusal:
        textract.detect_document_text(Document={})
    assert refusal.value.response["Error"]["Code"] == "InvalidParameterException"


def test_json_is_understood_as_well(recognition_url: str) -> None:
    body = json.dumps({"Document": {"Bytes": base64.b64encode(PAGE.read_bytes()).decode()}}).encode()
    headers = {"X-Amz-Target": "Textract.DetectDocumentText", "Content-Type": "application/x-amz-json-1.1"}
    request = urllib.request.Request(recognition_url, body, headers)
    with urllib.request.urlopen(request, timeout=20) as response:
        assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
        answer = json.load(response)
    assert output_faults("textract", "DetectDocumentText", answer) == []
    assert answer["Blocks"]


def test_health_answers(recognition_url: str) -> None:
    with urllib.request.urlopen(f"{recognition_url}/health", timeout=5) as response:
        assert response.status == 200
