"""The QR code of a seal (ISO/IEC 18004), as modules: who draws it decides how large a module is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ryoji.errors import TooLarge

QUIET_ZONE = 4  # modules on each side
LEAST_MODULE_MM = 0.33  # travel.md §2.5
# Beyond this a page of A4 has no place for modules that an ordinary camera separates.
LARGEST_VERSION = 30


@dataclass(frozen=True)
class Code:
    """A QR code: its version (1 to 40), its level of error correction, and rows of dark modules without quiet zone."""

    version: int
    level: Literal["M", "L"]
    rows: tuple[tuple[bool, ...], ...]

    @property
    def modules(self) -> int:
        """Modules on a side, quiet zone included."""
        return len(self.rows) + 2 * QUIET_ZONE


def encode(text: str) -> Code:
    """The smallest code at level M, or at L where M is too large. Raises `TooLarge("seal_too_large")`."""
    import segno

    levels: tuple[Literal["M", "L"], ...] = ("M", "L")
    for level in levels:
        try:
            made = segno.make_qr(text, error=level.lower(), boost_error=False, encoding="utf-8", eci=False)
        except segno.DataOverflowError:
            continue
        version = int(made.version)
        if version <= LARGEST_VERSION:
            rows = tuple(tuple(bool(module) for module in row) for row in made.matrix)
            return Code(version, level, rows)
    raise TooLarge("seal_too_large")


def module_mm(code: Code, side_mm: float) -> float:
    """The size of a module when the code with its quiet zone is `side_mm` wide. Raises `TooLarge("seal_too_large")`."""
    size = side_mm / code.modules
    if size < LEAST_MODULE_MM:
        raise TooLarge("seal_too_large")
    return size
