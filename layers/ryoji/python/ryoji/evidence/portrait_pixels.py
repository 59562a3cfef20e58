"""What no service measures on a portrait: its background, its burnt-out pixels, the top of the hair.

Measured around the head, a little wider than a passport photo shows, brought to 5 pixels a millimetre of the print.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ryoji.evidence.portrait_crop import Head, head_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SCALE = 5  # pixels a millimetre
HEAD_MM, MARGIN_MM, WIDTH_MM, HEIGHT_MM = 34.0, 4.0, 42.0, 45.0  # where to look: the rules are data
STRIP_MM = 2.5  # at the sides, down to the brow, and
ABOVE_MM = 2.0  # above it: there is background, whatever the hair and the shoulders
# Where the crown is looked for, as `head_of` says: where hair lies close, and where it stands off the head.
CROWN_RATIOS = (1.0, 1.45)
BUSY = 40.0  # spread of a background before which no hair can be told


@dataclass(frozen=True)
class PixelMeasures:
    """Of a portrait: size in pixels; `hair_top` as a fraction of the height; the rest as PortraitRules names it."""

    width: int
    height: int
    hair_top: float | None = None
    saturated: float | None = None
    background_spread: float | None = None
    background_lightness: float | None = None
    background_step: float | None = None


def measure_pixels(jpeg: bytes, detect_faces_response: dict[str, Any]) -> PixelMeasures:
    """Measures of a clean JPEG around its largest face; sizes only if there is none."""
    from PIL import Image

    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        width, height = picture.size
        face = largest(detect_faces_response)
        if face is None:
            return PixelMeasures(width, height)
        heads = [head_of(face, width, height, crown_ratio=ratio) for ratio in CROWN_RATIOS]
        if heads[0].height < 20:
            return PixelMeasures(width, height)
        near, far = (_Frame.around(head, picture).measures(width, height) for head in heads)
    return _plainer(near, far)


def _plainer(near: PixelMeasures, far: PixelMeasures) -> PixelMeasures:
    """The measures of that frame whose background is background: in the other one it is hair."""
    spreads = near.background_spread, far.background_spread
    if spreads[1] is None or (spreads[0] is not None and spreads[0] <= spreads[1]):
        return near
    return replace(far, saturated=near.saturated)


def largest(detect_faces_response: dict[str, Any]) -> dict[str, Any] | None:
    """The face of the largest box, or None."""
    faces: list[dict[str, Any]] = detect_faces_response.get("FaceDetails", [])
    return max(
        faces, key=lambda face: face["BoundingBox"]["Width"] * face["BoundingBox"]["Height"], default=None
    )


@dataclass(frozen=True)
class _Frame:
    """The part around the head; `left` and `top` are its place in the frame's own pixels, 0 where nothing is cut."""

    pixels: Picture
    head: Head  # in pixels of this part
    origin: float  # the part's top, in pixels of the picture
    pixel_mm: float  # pixels of the picture a millimetre

    @staticmethod
    def around(head: Head, picture: Picture) -> _Frame:
        from PIL import Image

        pixel_mm = head.height / HEAD_MM
        width, height = picture.size
        left = max(0.0, head.centre - WIDTH_MM / 2 * pixel_mm)
        right = min(float(width), head.centre + WIDTH_MM / 2 * pixel_mm)
        top = max(0.0, head.crown - MARGIN_MM * pixel_mm)
        bottom = min(float(height), head.crown + (HEIGHT_MM - MARGIN_MM) * pixel_mm)
        size = (
            max(1, round((right - left) / pixel_mm * SCALE)),
            max(1, round((bottom - top) / pixel_mm * SCALE)),
        )
        part = picture.convert("RGB").resize(size, Image.Resampling.BOX, box=(left, top, right, bottom))
        ratio = SCALE / pixel_mm
        shifted = Head(
            crown=(head.crown - top) * ratio,
            chin=(head.chin - top) * ratio,
            centre=(head.centre - left) * ratio,
            eyes=(head.eyes - top) * ratio,
            eye_distance=head.eye_distance * ratio,
        )
        return _Frame(part, shifted, top, pixel_mm)

    def measures(self, width: int, height: int) -> PixelMeasures:
        sides = self._strip(-1), self._strip(1)
        background = self._background(*sides)
        if background.getbbox() is None:
            return PixelMeasures(width, height, saturated=self._saturated())
        spread = max(_spread(channel, background) for channel in self.pixels.split())
        hair = self._hair_top(background) if spread <= BUSY else None
        return PixelMeasures(
            width,
            height,
            hair_top=None if hair is None else (self.origin + hair / SCALE * self.pixel_mm) / height,
            saturated=self._saturated(),
            background_spread=spread,
            background_lightness=self._lightness(background),
            background_step=self._step(*sides),
        )

    def _strip(self, side: int) -> Picture:
        """The mask of the strip at the frame's left (-1) or right (1) edge, down to the brow: hair spreads below."""
        from PIL import Image, ImageDraw

        mask = Image.new("L", self.pixels.size, 0)
        brow = (self.head.crown + self.head.eyes) / 2
        edge = min(max(0.0, self.head.centre + side * WIDTH_MM / 2 * SCALE), float(mask.width))
        near, far = sorted((edge, edge - side * STRIP_MM * SCALE))
        if brow >= 1:
            ImageDraw.Draw(mask).rectangle((near, 0, far - 1, brow), fill=255)
        return mask

    def _background(self, left: Picture, right: Picture) -> Picture:
        from PIL import ImageChops, ImageDraw

        mask = ImageChops.lighter(left, right)
        above = self.head.crown - (MARGIN_MM - ABOVE_MM) * SCALE
        if above >= 1:
            ImageDraw.Draw(mask).rectangle((0, 0, mask.width, above), fill=255)
        return mask

    def _lightness(self, mask: Picture) -> float:
        return _lightness(_percentile(self.pixels.convert("L").histogram(mask), 0.5))

    def _step(self, left: Picture, right: Picture) -> float | None:
        if left.getbbox() is None or right.getbbox() is None:
            return None
        return abs(self._lightness(left) - self._lightness(right))

    def _hair_top(self, background: Picture) -> float | None:
        """The first row, over the middle of the head, that is not background any more."""
        from PIL import Image, ImageChops

        colour = tuple(
            round(_percentile(channel.histogram(background), 0.5)) for channel in self.pixels.split()
        )
        apart = ImageChops.difference(self.pixels, Image.new("RGB", self.pixels.size, colour))
        red, green, blue = apart.split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        reach = 4 * SCALE
        left, right = int(max(0, self.head.centre - reach)), int(min(most.width, self.head.centre + reach))
        if right <= left:
            return None
        rows = (
            most.crop((left, 0, right, most.height)).resize((1, most.height), Image.Resampling.BOX).tobytes()
        )
        for row in range(int(max(0, self.head.eyes)) - 3):
            if min(rows[row : row + 3]) > BUSY:
                return float(row)
        return None

    def _saturated(self) -> float:
        """Share of the face's pixels (an ellipse from brow to chin) that are black or white to the last step."""
        from PIL import Image, ImageDraw

        mask = Image.new("L", self.pixels.size, 0)
        reach = self.head.eye_distance
        box = (
            self.head.centre - reach,
            self.head.eyes - reach * 0.4,
            self.head.centre + reach,
            self.head.chin,
        )
        ImageDraw.Draw(mask).ellipse(box, fill=255)
        histogram = self.pixels.convert("L").histogram(mask)
        whole = sum(histogram)
        return (sum(histogram[:2]) + sum(histogram[254:])) / whole if whole else 0.0


def _spread(channel: Picture, mask: Picture) -> float:
    """Half the range that nine tenths of the pixels lie in, in levels of 255."""
    histogram = channel.histogram(mask)
    return (_percentile(histogram, 0.95) - _percentile(histogram, 0.05)) / 2


def _percentile(histogram: list[int], share: float) -> float:
    wanted, seen = share * sum(histogram), 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return float(level)
    return 255.0


def _lightness(level: float) -> float:
    """L* (CIE 1976, 0-100) of a grey level."""
    luminance = (level / 255) ** 2.2
    return max(0.0, 116 * float(luminance ** (1 / 3)) - 16)
