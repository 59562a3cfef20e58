"""Finding typefaces through fontconfig, so that no path of any machine stands in the code."""

from __future__ import annotations

import subprocess
from functools import cache

from PIL import ImageFont

from ryoji.errors import Unavailable


class NoTypeface(Unavailable):
    """A typeface that the specimens need is not installed."""

    def __init__(self, family: str) -> None:
        super().__init__("typeface_missing", family=family)
        self.family = family

    def __str__(self) -> str:
        return (
            f"The typeface '{self.family}' is not installed. On Debian or Ubuntu: apt install fonts-ocr-b "
            "(for OCR B) or fonts-noto-cjk (for Japanese); elsewhere, name a font file with --font."
        )


@cache
def file_of(family: str, style: str = "Regular") -> str:
    """The file of a family, by `fc-match`. Raises NoTypeface when fontconfig would substitute another family."""
    try:
        answer = subprocess.run(
            ["fc-match", "--format=%{family}|%{file}", f"{family}:style={style}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoTypeface(family) from error
    found, _, path = answer.partition("|")
    if family.casefold().replace("-", " ") not in found.casefold().replace("-", " "):
        raise NoTypeface(family)
    return path


@cache
def font(path: str, pixels: int) -> ImageFont.FreeTypeFont:
    """A font of that many pixels of em height, kept for the next call."""
    return ImageFont.truetype(path, pixels)
