"""Bytes to pixels, within the limits of the two services and with the errors that they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.recognition.errors import AwsError

Pixels = Any  # uint8 array of height x width x 3, blue-green-red: dlib and OpenCV are untyped

_MAGIC: tuple[tuple[str, bytes], ...] = (
    ("jpeg", b"\xff\xd8\xff"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("tiff", b"II*\x00"),
    ("tiff", b"MM\x00*"),
    ("pdf", b"%PDF-"),
)


@dataclass(frozen=True)
class Limits:
    """What one service accepts, and the names of its refusals (botocore's models; Textract quotas page)."""

    formats: frozenset[str]
    max_bytes: int
    max_side: int
    min_side: int
    wrong_format: str
    too_large: str
    broken: str


TEXTRACT = Limits(
    # Textract takes PDF as well; nothing here draws PDF pages, so a PDF is refused like any unknown format.
    formats=frozenset({"jpeg", "png", "tiff"}),
    max_bytes=10_485_760,
    max_side=10_000,
    min_side=1,
    wrong_format="UnsupportedDocumentException",
    too_large="DocumentTooLargeException",
    broken="BadDocumentException",
)
REKOGNITION = Limits(
    formats=frozenset({"jpeg", "png"}),
    max_bytes=5_242_880,
    max_side=4096 * 4,
    # Rekognition's quotas page: 80 pixels for both height and width.
    min_side=80,
    wrong_format="InvalidImageFormatException",
    too_large="ImageTooLargeException",
    broken="InvalidImageFormatException",
)


def format_of(data: bytes) -> str | None:
    """The file's format by its first bytes, or None."""
    return next((name for name, magic in _MAGIC if data.startswith(magic)), None)


def decode(data: bytes, limits: Limits) -> Pixels:
    """Upright pixels (EXIF orientation applied) of a picture within the limits; raises AwsError."""
    import cv2
    import numpy as np

    if not data:
        raise AwsError("InvalidParameterException", "The request has no image bytes.")
    if len(data) > limits.max_bytes:
        raise AwsError(limits.too_large, f"The image is larger than {limits.max_bytes} bytes.")
    if format_of(data) not in limits.formats:
        raise AwsError(limits.wrong_format, "The image's format is not supported.")
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:  # more pixels than OpenCV will decode
        raise AwsError(limits.broken, "The image cannot be decoded.") from error
    if pixels is None or _is_cut_off(data):
        raise AwsError(limits.broken, "The image cannot be decoded.")
    if max(pixels.shape[:2]) > limits.max_side:
        raise AwsError(limits.too_large, f"The image has a side of more than {limits.max_side} pixels.")
    if min(pixels.shape[:2]) < limits.min_side:
        raise AwsError("InvalidParameterException", f"The image has a side under {limits.min_side} pixels.")
    return pixels


def _is_cut_off(data: bytes) -> bool:
    """OpenCV fills up a cut-off JPEG with grey and says nothing; a whole one holds its end marker."""
    return data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" not in data[-4096:]


def shrink(pixels: Pixels, max_side: int, max_growth: float = 1.0) -> tuple[Pixels, float]:
    """The picture with its longer side at most (or, when growth is allowed, up to) `max_side`, and the scale."""
    import cv2

    scale = min(max_side / max(pixels.shape[:2]), max_growth)
    if scale == 1.0:
        return pixels, 1.0
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=how), scale
