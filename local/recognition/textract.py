"""Textract's DetectDocumentText, answered by RapidOCR's models.

PAGE, LINE and WORD blocks as Amazon Textract's API reference describes them: geometry as fractions of the picture,
polygons starting at the text's own top left, confidence in per cent. Like Textract it reads Latin scripts only.
`RotationAngle` is the text's direction in degrees, clockwise, -180 to 180.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from local.recognition.pictures import TEXTRACT, decode
from local.recognition.reader import Character, Line, Quad, page_angle, reader

MODEL_VERSION = "1.0"

Block = dict[str, Any]


def detect_document_text(image_bytes: bytes) -> dict[str, Any]:
    """The text of one JPEG, PNG or TIFF page, in reading order; raises AwsError with Textract's own codes."""
    pixels = decode(image_bytes, TEXTRACT)
    height, width = pixels.shape[:2]
    return {
        "DocumentMetadata": {"Pages": 1},
        "Blocks": blocks_of(reader().read(pixels), width, height),
        "DetectDocumentTextModelVersion": MODEL_VERSION,
    }


def blocks_of(lines: tuple[Line, ...], width: int, height: int) -> list[Block]:
    """The page's block, then every line's, then every word's (Textract's own order)."""
    size = np.array([width, height], np.float32)
    line_blocks: list[Block] = []
    word_blocks: list[Block] = []
    for line in lines:
        words = [_word_block(line, word, size) for word in words_of(line)]
        line_blocks.append(_line_block(line, words, size))
        word_blocks += words
    return [_page_block(lines, line_blocks), *line_blocks, *word_blocks]


def words_of(line: Line) -> Iterator[tuple[Character, ...]]:
    """The line's words: what stands between blanks."""
    word: list[Character] = []
    for character in line.characters:
        if not character.text.isspace():
            word.append(character)
        elif word:
            yield tuple(word)
            word = []
    if word:
        yield tuple(word)


def _page_block(lines: tuple[Line, ...], children: list[Block]) -> Block:
    whole = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    geometry = _geometry(whole, page_angle(lines) if lines else 0.0)
    return {"BlockType": "PAGE", "Id": str(uuid4()), "Geometry": geometry, **_children(children)}


def _line_block(line: Line, words: list[Block], size: npt.NDArray[np.float32]) -> Block:
    return {
        "BlockType": "LINE",
        "Id": str(uuid4()),
        "Text": line.text,
        "Confidence": round(line.confidence * 100, 3),
        "Geometry": _geometry(line.quad / size, _angle(line.quad)),
        **_children(words),
    }


def _word_block(line: Line, word: tuple[Character, ...], size: npt.NDArray[np.float32]) -> Block:
    return {
        "BlockType": "WORD",
        "Id": str(uuid4()),
        "Text": "".join(character.text for character in word),
        # Textract tells print from handwriting; these models do not, and a document page is print.
        "TextType": "PRINTED",
        "Confidence": round(float(np.mean([character.confidence for character in word])) * 100, 3),
        "Geometry": _geometry(_part(line.quad, *_span(line, word)) / size, _angle(line.quad)),
    }


def _children(blocks: list[Block]) -> Block:
    if not blocks:
        return {}
    return {"Relationships": [{"Type": "CHILD", "Ids": [block["Id"] for block in blocks]}]}


def _span(line: Line, word: tuple[Character, ...]) -> tuple[float, float]:
    """Where a word begins and ends along its line (0-1): half a character beyond its outer characters' middles."""
    half = 0.5 / max(1, len(line.characters))
    start = 0.0 if word[0] is line.characters[0] else word[0].at - half
    end = 1.0 if word[-1] is line.characters[-1] else word[-1].at + half
    return max(0.0, min(start, 1.0)), max(0.0, min(end, 1.0))


def _part(quad: Quad, start: float, end: float) -> Quad:
    """The part of a line's quadrilateral between two fractions of its length."""
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    return np.array(
        [quad[0] + start * top, quad[0] + end * top, quad[3] + end * bottom, quad[3] + start * bottom],
        np.float32,
    )


def _angle(quad: Quad) -> float:
    """In pixels, not in fractions of the page: those would bend the angle of a page that is not square."""
    along = quad[1] - quad[0]
    return math.degrees(math.atan2(along[1], along[0]))


def _geometry(quad: Quad, angle: float) -> Block:
    """Bounding box and polygon of a quadrilateral given as fractions of the page, and its angle."""
    inside = np.clip(quad, 0.0, 1.0)
    low, high = inside.min(axis=0), inside.max(axis=0)
    return {
        "BoundingBox": {
            "Width": _fraction(high[0] - low[0]),
            "Height": _fraction(high[1] - low[1]),
            "Left": _fraction(low[0]),
            "Top": _fraction(low[1]),
        },
        "Polygon": [{"X": _fraction(x), "Y": _fraction(y)} for x, y in inside],
        "RotationAngle": round(angle, 3),
    }


def _fraction(value: np.float32) -> float:
    return round(float(value), 6)
