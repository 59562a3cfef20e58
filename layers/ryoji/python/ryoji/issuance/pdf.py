"""The page that a traveller carries: A4, Japanese and English, the seal as QR, the zone of a visa in print.

Fonts are embedded (issuance/fonts), so that it looks alike everywhere. Texts are given: none stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from ryoji.errors import Invalid
from ryoji.issuance.issued import Issued
from ryoji.issuance.qr import QUIET_ZONE, Code, encode, module_mm

FONTS = Path(__file__).parent / "fonts"
TEXT_FONT, ZONE_FONT = "NotoSansJP-Regular", "NotoSansMono-Medium"
QR_MM = 88.0
_MM = 72 / 25.4
_WIDTH, _HEIGHT, _MARGIN = 210.0, 297.0, 20.0
LABELS = (
    "number", "name", "nationality", "passport_number", "birth_date", "sex", "type", "valid_from", "valid_until",
    "stay", "entries", "place_of_issue",
)  # fmt: skip
# The characters of a zone are 2.54 mm apart (ICAO Doc 9303-3 §4.2), ten to the inch.
_PITCH_MM = 2.54


@dataclass(frozen=True)
class PageTexts:
    """What the page says, Japanese first and English second in each pair; `labels` has each of the rows' names."""

    state: tuple[str, str]
    title: tuple[str, str]
    labels: Mapping[str, tuple[str, str]]
    stay_at_border: str
    entries_unlimited: str
    days: str
    notes: Sequence[tuple[str, str]]
    verify: tuple[str, str]
    verify_at: str


def page(
    issued: Issued,
    seal: str,
    texts: PageTexts,
    now: datetime,
    *,
    zone: Sequence[str] = (),
    portrait: bytes | None = None,
) -> bytes:
    """The PDF. `zone`: the lines of the MRZ; `portrait`: JPEG.

    Raises `TooLarge("seal_too_large")` when the seal has no legible place, `Invalid("page_characters")` for a
    character that the fonts do not have.
    """
    from reportlab.pdfgen.canvas import Canvas

    _fonts()
    out = BytesIO()
    # Without `invariant` the library writes its own clock and random identifiers.
    canvas: Any = Canvas(out, pagesize=(_WIDTH * _MM, _HEIGHT * _MM), pageCompression=1, invariant=1)
    canvas.setTitle(f"{texts.title[1]} {issued.number}")
    canvas.setAuthor(texts.state[1])
    canvas.setSubject(now.date().isoformat())
    canvas.scale(_MM, _MM)
    _head(canvas, texts)
    _rows(canvas, issued, texts, beside=portrait is not None)
    if portrait is not None:
        _portrait(canvas, portrait)
    _code(canvas, encode(seal))
    _beside_code(canvas, texts)
    _zone(canvas, zone)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _fonts() -> dict[str, Any]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    fonts = {name: TTFont(name, str(FONTS / f"{name}.ttf")) for name in (TEXT_FONT, ZONE_FONT)}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    return fonts


def _write(canvas: Any, x: float, y: float, text: str, size: float, font: str = TEXT_FONT) -> None:
    """One line of text at millimetres from the left and the bottom; `size` in points."""
    known = _fonts()[font].face.charToGlyph
    if any(ord(character) not in known for character in text):
        raise Invalid("page_characters")
    canvas.setFont(font, size / _MM)
    canvas.drawString(x, y, text)


def _head(canvas: Any, texts: PageTexts) -> None:
    _write(canvas, _MARGIN, 272, f"{texts.state[0]}　{texts.state[1]}", 11)
    _write(canvas, _MARGIN, 261, texts.title[0], 20)
    _write(canvas, _MARGIN, 253, texts.title[1], 14)
    canvas.setLineWidth(0.4)
    canvas.line(_MARGIN, 249, _WIDTH - _MARGIN, 249)


def _rows(canvas: Any, issued: Issued, texts: PageTexts, *, beside: bool) -> None:
    values = _values(issued, texts)
    widest = (116.0 if beside else 155.0) - 45
    for row, name in enumerate(LABELS):
        y = 241 - row * 8.4
        japanese, english = texts.labels[name]
        _write(canvas, _MARGIN, y, japanese, 8)
        _write(canvas, _MARGIN, y - 3, english, 6.5)
        _write(canvas, _MARGIN + 45, y - 1.4, values[name], _fitting(values[name], widest))


def _fitting(text: str, widest: float) -> float:
    """The size in points at which a value stays on its line; a long name is printed smaller, never cut."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    width = stringWidth(text, TEXT_FONT, 11) / _MM
    return 11.0 if width <= widest else 11.0 * widest / width


def _values(issued: Issued, texts: PageTexts) -> dict[str, str]:
    return {
        "number": issued.number,
        "name": f"{issued.surname}, {issued.given_names}".rstrip(", "),
        "nationality": issued.nationality,
        "passport_number": issued.passport_number,
        "birth_date": issued.birth_date,
        "sex": issued.sex,
        "type": issued.type,
        "valid_from": issued.valid_from.isoformat(),
        "valid_until": issued.valid_until.isoformat(),
        "stay": texts.stay_at_border if issued.stay_days is None else f"{issued.stay_days} {texts.days}",
        "entries": texts.entries_unlimited if issued.entries is None else str(issued.entries),
        "place_of_issue": issued.place_of_issue,
    }


def _portrait(canvas: Any, jpeg: bytes) -> None:
    from reportlab.lib.utils import ImageReader

    # 35 by 45 mm, the size of a portrait in a passport (ICAO Doc 9303-3).
    canvas.drawImage(
        ImageReader(BytesIO(jpeg)), _WIDTH - _MARGIN - 35, 200, 35, 45, preserveAspectRatio=True, anchor="ne"
    )


def _code(canvas: Any, code: Code) -> None:
    """The modules as one path, so that no viewer draws hair-lines between them."""
    size = module_mm(code, QR_MM)
    left, top = _MARGIN + QUIET_ZONE * size, 40 + QR_MM - QUIET_ZONE * size
    path = canvas.beginPath()
    for y, row in enumerate(code.rows):
        for x, length in _runs(row):
            path.rect(left + x * size, top - (y + 1) * size, length * size, size)
    canvas.drawPath(path, stroke=0, fill=1)


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many stand together."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs


def _beside_code(canvas: Any, texts: PageTexts) -> None:
    x, y = _MARGIN + QR_MM + 4, 40 + QR_MM - 8
    for lines in (texts.verify, (texts.verify_at, ""), *texts.notes):
        for text in lines:
            for line in _wrapped(text, _WIDTH - _MARGIN - x):
                _write(canvas, x, y, line, 8)
                y -= 4
        y -= 2


def _wrapped(text: str, width: float) -> list[str]:
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfbase.pdfmetrics import stringWidth

    lines: list[str] = []
    for line in simpleSplit(text, TEXT_FONT, 8, width * _MM):
        # Japanese has no spaces to break at.
        rest = str(line)
        while stringWidth(rest, TEXT_FONT, 8) > width * _MM:
            keep = next(
                n for n in range(len(rest), 0, -1) if stringWidth(rest[:n], TEXT_FONT, 8) <= width * _MM
            )
            lines.append(rest[:keep])
            rest = rest[keep:]
        lines.append(rest)
    return lines


def _zone(canvas: Any, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines):
        for position, character in enumerate(line):
            _write(canvas, _MARGIN + position * _PITCH_MM, 28 - number * 6.35, character, 12, ZONE_FONT)
