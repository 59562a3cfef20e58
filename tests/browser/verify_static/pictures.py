"""Pictures of a seal's code, as a telephone and a camera see it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from ryoji.issuance.qr import QUIET_ZONE, encode


def _rows(text: str, pixels: int) -> list[bytes]:
    """Grey rows of a code with its quiet zone, each module `pixels` wide."""
    code = encode(text)
    white = [False] * code.modules
    margin = [False] * QUIET_ZONE
    modules = [white] * QUIET_ZONE + [[*margin, *row, *margin] for row in code.rows] + [white] * QUIET_ZONE
    return [
        row
        for line in modules
        for row in [b"".join((b"\x10" if dark else b"\xf0") * pixels for dark in line)] * pixels
    ]


def png(text: str, pixels: int = 6) -> bytes:
    """A screenshot of the code."""
    return _png(_rows(text, pixels))


def blank_png() -> bytes:
    """A picture without a code."""
    return _png([b"\xe0" * 300] * 300)


def _png(rows: list[bytes]) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def video(text: str, path: Path, pixels: int = 6) -> Path:
    """What a camera in front of the code sees (Y4M), for Chromium's fake camera."""
    rows = _rows(text, pixels)
    width, height = 1280, 960
    left, above = (width - len(rows[0])) // 2, (height - len(rows)) // 2
    blank = b"\xc0" * width
    lines = [b"\xc0" * left + row + b"\xc0" * (width - left - len(row)) for row in rows]
    grey = b"".join([blank] * above + lines + [blank] * (height - above - len(lines)))
    frame = b"FRAME\n" + grey + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return path
