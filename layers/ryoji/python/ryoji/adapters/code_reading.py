"""QR codes in pictures and PDFs, read by zxing-cpp; a text is taken as the code's own."""

from __future__ import annotations

import io
from contextlib import suppress

MOST_PAGES = 3
# Enough for a code of version 25 on a page that fills the picture.
DOTS_PER_INCH = 200


def codes_in(data: bytes) -> list[str]:
    """The texts of the codes in a file: PDF by its first bytes, picture if it can be opened, else text in UTF-8."""
    if data.startswith(b"%PDF"):
        return _of_pdf(data)
    try:
        text = data.decode("utf-8").strip()
    except UnicodeDecodeError:
        return _of_picture(data)
    return [text] if text else []


def _of_pdf(data: bytes) -> list[str]:
    import pypdfium2

    found: list[str] = []
    # Of a document that is damaged or locked by a password, what could be read counts.
    with suppress(pypdfium2.PdfiumError):
        document = pypdfium2.PdfDocument(data)
        for number in range(min(len(document), MOST_PAGES)):
            found += _read(document[number].render(scale=DOTS_PER_INCH / 72).to_pil())
    return found


def _of_picture(data: bytes) -> list[str]:
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(data)).convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return []
    return _read(picture)


def _read(picture: object) -> list[str]:
    import zxingcpp

    # A seal is printed in a square: in its dots a reader of stripes now and then finds some that nobody has printed.
    codes = zxingcpp.barcode_formats_from_str("QRCode")
    return [code.text for code in zxingcpp.read_barcodes(picture, codes) if code.text]
