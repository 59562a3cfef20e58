"""Specimens: the same seed gives the same picture, and the truth is a zone that checks."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from ryoji.evidence.travel_document.document import parse_mrz
from simulators.specimens import typefaces
from simulators.specimens.__main__ import main
from simulators.specimens.specimen import SHOTS, take

TODAY = date(2026, 11, 23)


def test_the_zones_typeface_is_installed() -> None:
    assert typefaces.file_of("OCR B")


def test_the_same_seed_gives_the_same_picture() -> None:
    one, other = (take(5, TODAY, shot="phone") for _ in range(2))
    assert one.picture == other.picture
    assert one.picture != take(6, TODAY, shot="phone").picture


def test_the_truth_is_a_valid_zone() -> None:
    for seed in range(4):
        truth = take(seed, TODAY, shot="small").truth()
        zone = parse_mrz("\n".join(truth["lines"]), TODAY)
        assert (zone.valid, zone.format) == (True, truth["format"])


def test_a_portrait_goes_into_the_photo_area() -> None:
    red = Image.new("RGB", (70, 90), (255, 0, 0))
    with Image.open(io.BytesIO(take(1, TODAY, format="TD3", portrait=red).picture)) as picture:
        pixel = picture.getpixel((round(picture.width * 0.18), round(picture.height * 0.4)))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 230
    assert pixel[1] < 40


def test_a_standing_picture_is_higher_than_wide() -> None:
    with Image.open(io.BytesIO(take(1, TODAY, shot="standing", format="TD3").picture)) as picture:
        assert picture.height > picture.width


def test_the_command_writes_pictures_with_their_truth(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--count", "2", "--seed", "3", "--today", "2026-11-23"]) == 0
    pictures = sorted(tmp_path.glob("*.jpg"))
    assert len(pictures) == 2
    truth = json.loads(pictures[0].with_suffix(".json").read_text("utf-8"))
    assert truth["shot"] in SHOTS


def test_a_missing_typeface_is_said_in_plain_words() -> None:
    with pytest.raises(typefaces.NoTypeface, match="fonts-ocr-b"):
        typefaces.file_of("No Such Typeface")
