"""Drawing flat data pages: sizes in millimetres (Doc 9303 parts 3 to 7), the zone in OCR-B, 10 characters an inch."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageOps

from simulators.specimens import typefaces

if TYPE_CHECKING:
    from ryoji.evidence.travel_document.layouts import Format
    from simulators.specimens.holders import Holding

PITCH = 2.54
"""Millimetres from one character of the zone to the next (part 3, section 4.4)."""

_CAPITAL_HEIGHT = 2.6
_INK = (24, 24, 28)
_FAINT = (90, 90, 110)


@dataclass(frozen=True)
class Sheet:
    """One size of document: width and height, left edge of the zone, and the baselines counted from below."""

    width: float
    height: float
    left: float
    baselines: tuple[float, ...]


SHEETS: dict[Format, Sheet] = {
    "TD3": Sheet(125.0, 88.0, 6.0, (15.2, 8.6)),
    "MRVA": Sheet(120.0, 80.0, 4.5, (15.2, 8.6)),
    "MRVB": Sheet(105.0, 74.0, 5.0, (15.2, 8.6)),
    "TD2": Sheet(105.0, 74.0, 5.0, (15.2, 8.6)),
    "TD1": Sheet(85.6, 54.0, 4.2, (16.5, 11.0, 5.5)),
}

_TITLES = {
    "TD3": "PASSPORT  PASSEPORT",
    "TD1": "IDENTITY CARD",
    "TD2": "IDENTITY CARD",
    "MRVA": "VISA",
    "MRVB": "VISA",
}


def draw_page(
    holding: Holding, chance: random.Random, scale: float, font_file: str, portrait: Image.Image | None = None
) -> Image.Image:
    """The flat page at `scale` pixels a millimetre. `portrait` goes where the holder's picture belongs."""
    sheet = SHEETS[holding.format]
    page = _paper(sheet, chance, scale)
    draw = ImageDraw.Draw(page)
    _draw_portrait(page, sheet, scale, portrait, chance)
    _draw_visible_zone(draw, holding, sheet, scale)
    _draw_zone(draw, holding.lines, sheet, scale, font_file)
    return page


def _paper(sheet: Sheet, chance: random.Random, scale: float) -> Image.Image:
    width, height = round(sheet.width * scale), round(sheet.height * scale)
    tint = tuple(chance.randint(205, 245) for _ in range(3))
    page = Image.new("RGB", (width, height), tint)
    draw = ImageDraw.Draw(page)
    line = tuple(max(0, part - chance.randint(10, 28)) for part in tint)
    for offset in range(-height, width, max(4, round(2.5 * scale))):
        draw.line((offset, 0, offset + height, height), fill=line, width=max(1, round(scale / 8)))
    # The zone is printed on a plainer band, as on most documents.
    band = tuple(min(255, part + 8) for part in tint)
    draw.rectangle((0, height - round(21 * scale), width, height), fill=band)
    return page


def _draw_portrait(
    page: Image.Image, sheet: Sheet, scale: float, portrait: Image.Image | None, chance: random.Random
) -> None:
    width = sheet.height * 0.34
    top = sheet.height * 0.2
    left, upper, right, lower = (round(part * scale) for part in (5.0, top, 5.0 + width, top + width * 1.25))
    box = (left, upper, right, lower)
    if portrait is not None:
        size = (box[2] - box[0], box[3] - box[1])
        page.paste(ImageOps.fit(portrait.convert("RGB"), size, Image.Resampling.LANCZOS), (left, upper))
        return
    draw = ImageDraw.Draw(page)
    draw.rectangle(box, fill=(200, 205, 215))
    centre, head = (box[0] + box[2]) // 2, (box[2] - box[0]) // 4
    skin = chance.choice(((224, 188, 160), (190, 140, 105), (120, 85, 60)))
    draw.ellipse((centre - head, box[1] + head, centre + head, box[1] + round(head * 3.6)), fill=skin)
    draw.ellipse((centre - head * 2, box[3] - head, centre + head * 2, box[3] + head), fill=(60, 70, 110))
    draw.rectangle((box[0], box[3], box[2], box[3] + head), fill=page.getpixel((box[0], box[3] + head)))


def _draw_visible_zone(draw: ImageDraw.ImageDraw, holding: Holding, sheet: Sheet, scale: float) -> None:
    fields = holding.fields
    left = 5.0 + sheet.height * 0.34 + 5.0
    label = typefaces.font(typefaces.file_of("DejaVu Sans"), max(5, round(1.7 * scale)))
    value = typefaces.font(typefaces.file_of("DejaVu Sans"), max(7, round(2.7 * scale)))
    draw.text(
        (5 * scale, 3 * scale), f"{_TITLES[holding.format]}   {fields.issuing_state}", font=value, fill=_INK
    )
    rows = (
        ("Type / Number", f"{fields.document_code}    {fields.number}"),
        ("Surname", fields.surname),
        ("Given names", fields.given_names),
        ("Nationality / Sex", f"{fields.nationality}   {fields.sex}"),
        ("Date of birth", fields.birth_date),
        ("Date of expiry", fields.expiry_date),
    )
    room = (sheet.height - sheet.baselines[0] - 15.0) / len(rows)
    for index, (name, text) in enumerate(rows):
        top = 9.0 + index * room
        draw.text((left * scale, top * scale), name, font=label, fill=_FAINT)
        draw.text((left * scale, (top + min(2.0, room * 0.4)) * scale), text, font=value, fill=_INK)


def zone_boxes(holding: Holding, scale: float) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each character of the zone, in pixels of the flat page."""
    sheet = SHEETS[holding.format]
    return [
        (
            (sheet.left + index * PITCH) * scale,
            (sheet.height - baseline - _CAPITAL_HEIGHT) * scale,
            (sheet.left + (index + 1) * PITCH) * scale,
            (sheet.height - baseline) * scale,
        )
        for line, baseline in zip(holding.lines, sheet.baselines, strict=True)
        for index in range(len(line))
    ]


def _draw_zone(
    draw: ImageDraw.ImageDraw, lines: tuple[str, ...], sheet: Sheet, scale: float, font_file: str
) -> None:
    # OCR-B's em is set so that its capitals are as high as the standard wants.
    probe = typefaces.font(font_file, 1000)
    capital = probe.getbbox("H", anchor="ls")
    ocr_b = typefaces.font(font_file, round(_CAPITAL_HEIGHT * scale * 1000 / (capital[3] - capital[1])))
    for line, baseline in zip(lines, sheet.baselines, strict=True):
        for index, character in enumerate(line):
            x = (sheet.left + (index + 0.5) * PITCH) * scale
            draw.text((x, (sheet.height - baseline) * scale), character, font=ocr_b, fill=_INK, anchor="ms")
