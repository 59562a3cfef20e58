"""Looks at a picture: a nearer one where the first is no use, and none that the function could not wait for."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image

from infra.functions import RECOGNISING
from ryoji.adapters import recognition
from ryoji.adapters.zone_reading import LATEST_LOOK, LOOKS, read_zone
from ryoji.errors import Retryable

TODAY = date(2026, 11, 23)
# A zone whose lines lie across the picture and cannot be read: what a nearer look is for.
SMUDGED = ("P<UTOERI???????????????????<<<<<<<<<<<<<<<<<", "L89890?????????122F12041?????184226B<<<<<<??")


@pytest.fixture
def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each look may be asked for once only."""
    looks: list[bool] = []

    def read_text(_jpeg: bytes, *, once: bool = False) -> dict[str, Any]:
        looks.append(once)
        return {"Blocks": [_line(text, 0.8 + 0.05 * row) for row, text in enumerate(SMUDGED)]}

    monkeypatch.setattr(recognition, "read_text", read_text)
    return looks


def _line(text: str, top: float) -> dict[str, Any]:
    box = {"Left": 0.05, "Top": top, "Width": 0.9, "Height": 0.03}
    corners = [(0.05, top), (0.95, top), (0.95, top + 0.03), (0.05, top + 0.03)]
    polygon = [{"X": x, "Y": y} for x, y in corners]
    return {
        "BlockType": "LINE",
        "Id": text,
        "Text": text,
        "Confidence": 40.0,
        "Geometry": {"BoundingBox": box, "Polygon": polygon, "RotationAngle": 0.0},
    }


def test_what_is_no_use_is_looked_at_more_closely(picture: bytes, asked: list[bool]) -> None:
    assert not read_zone(picture, TODAY, clock=lambda: 0).valid
    assert asked == [False] + [True] * (LOOKS - 1)


def test_what_cannot_be_waited_for_is_no_fault_of_the_picture(picture: bytes, asked: list[bool]) -> None:
    moments = iter([0, LATEST_LOOK + 1])
    with pytest.raises(Retryable) as told:
        read_zone(picture, TODAY, clock=lambda: next(moments))
    assert told.value.code == "recognition_busy"
    assert asked == [False]


def test_an_answer_that_does_not_come_is_known_before_the_function_ends() -> None:
    """Else API Gateway answers in its place, and not with a problem that says what to do."""
    assert recognition.PATIENCE.longest < RECOGNISING
    assert LATEST_LOOK + recognition.ONCE.longest < RECOGNISING
    assert RECOGNISING < 29
