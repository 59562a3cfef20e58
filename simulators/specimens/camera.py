"""What a phone does to a page: angle, perspective, blur, glare, noise, darkness, compression. Seeded."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Pixels = npt.NDArray[np.float32]
Point = tuple[float, float]
Move = Callable[[Point], Point]


@dataclass(frozen=True)
class Shot:
    """How one picture is taken. Angles in degrees clockwise; blur and width in pixels of the final picture."""

    width: int = 1600
    rotation: float = 0.0
    perspective: float = 0.0
    """How far corners are pulled, as a part of the picture's width."""
    blur: float = 0.0
    glare: float = 0.0
    noise: float = 0.0
    """Standard deviation, of 255."""
    light: float = 1.0
    shadow: float = 0.0
    quality: int = 90
    crop: float = 0.0
    """Part of the page's height that is cut off at its lower edge."""

    @property
    def turned(self) -> int:
        """The nearest quarter turn."""
        return round(self.rotation / 90) % 4 * 90


@dataclass(frozen=True)
class Photograph:
    """A picture (JPEG) of a page, and what became of the page in it."""

    jpeg: bytes
    kept: int
    """So many rows of the page are in the picture; what lies below was cut off."""
    whereabouts: Move
    """From a point of the page to its place in the picture, both in pixels."""
    glare: Image.Image | None
    """How much of each pixel's light is the lamp's, from 0 to 255."""

    def shows(self, box: tuple[float, float, float, float], most_glare: float) -> bool:
        """Whether all of a box of the page is in the picture, and nowhere under more of the lamp's light (0 to 1)."""
        left, top, right, bottom = box
        if bottom > self.kept:
            return False
        if self.glare is None:
            return True
        corners = [
            self.whereabouts(corner)
            for corner in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        spot = self.glare.crop(
            (math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))
        )
        brightest = spot.getextrema()[1]
        assert isinstance(brightest, (int, float))
        return brightest <= most_glare * 255


def photograph(page: Image.Image, shot: Shot, chance: random.Random) -> Photograph:
    """One picture of the page."""
    kept = page.crop((0, 0, page.width, round(page.height * (1 - shot.crop))))
    lying, laid = _on_a_table(kept, chance)
    seen, viewed = _from_an_angle(lying, shot.perspective, chance) if shot.perspective else (lying, _unmoved)
    turned = seen.rotate(-shot.rotation, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=_TABLE)
    final = _to_width(turned, shot)
    moves = (laid, viewed, _rotated(seen, turned, shot.rotation), _scaled(turned, final))
    if shot.blur:
        final = final.filter(ImageFilter.GaussianBlur(shot.blur))
    final, glare = _lit(final, shot, chance)

    def whereabouts(point: Point) -> Point:
        for move in moves:
            point = move(point)
        return point

    return Photograph(_as_jpeg(final, shot.quality), kept.height, whereabouts, glare)


def _unmoved(point: Point) -> Point:
    return point


def _rotated(before: Image.Image, after: Image.Image, degrees: float) -> Move:
    """Clockwise about the middle, which stays the middle."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def move(point: Point) -> Point:
        x, y = point[0] - before.width / 2, point[1] - before.height / 2
        return (x * cosine - y * sine + after.width / 2, x * sine + y * cosine + after.height / 2)

    return move


def _scaled(before: Image.Image, after: Image.Image) -> Move:
    return lambda point: (point[0] * after.width / before.width, point[1] * after.height / before.height)


_TABLE = (96, 84, 72)


def _on_a_table(page: Image.Image, chance: random.Random) -> tuple[Image.Image, Move]:
    edge = round(page.width * 0.04)
    table = Image.new("RGB", (page.width + 2 * edge, page.height + 2 * edge), _TABLE)
    left = edge + chance.randint(-edge // 3, edge // 3)
    table.paste(page, (left, edge))
    return table, lambda point: (point[0] + left, point[1] + edge)


def _from_an_angle(image: Image.Image, strength: float, chance: random.Random) -> tuple[Image.Image, Move]:
    """A perspective view: each corner moves inwards by up to `strength` of the width."""
    width, height = image.size
    reach = strength * width
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    inwards = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    moved = [
        (x + dx * chance.random() * reach, y + dy * chance.random() * reach * 0.6)
        for (x, y), (dx, dy) in zip(corners, inwards, strict=True)
    ]
    mapping = _homography(moved, corners)
    seen = image.transform(
        image.size, Image.Transform.PERSPECTIVE, mapping, Image.Resampling.BICUBIC, fillcolor=_TABLE
    )
    # Pillow asks from where a pixel comes; where a point goes is the other way round.
    a, b, c, d, e, f, g, h = _homography(corners, moved)

    def move(point: Point) -> Point:
        x, y = point
        depth = g * x + h * y + 1
        return ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)

    return seen, move


def _homography(source: list[tuple[float, float]], target: list[tuple[float, float]]) -> tuple[float, ...]:
    """The eight coefficients that take `source` points to `target` points."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    values = np.array(target, dtype=np.float64).reshape(8)
    return tuple(float(part) for part in np.linalg.solve(np.array(rows, dtype=np.float64), values))


def _to_width(image: Image.Image, shot: Shot) -> Image.Image:
    """`width` is that of the page upright; a picture turned by a quarter is as high as it would be wide."""
    longer = image.height if shot.turned in (90, 270) else image.width
    scale = shot.width / longer
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _lit(image: Image.Image, shot: Shot, chance: random.Random) -> tuple[Image.Image, Image.Image | None]:
    """The picture in its light, and the lamp's part of it."""
    glare: Image.Image | None = None
    if shot.light != 1.0:
        image = ImageEnhance.Brightness(image).enhance(shot.light)
    if shot.glare:
        glare = _glare(image, shot.glare, chance)
        image = Image.composite(Image.new("RGB", image.size, (255, 255, 255)), image, glare)
    pixels = np.asarray(image, dtype=np.float32)
    if shot.shadow:
        pixels = _with_shadow(pixels, shot.shadow, chance)
    if shot.noise:
        grain = np.random.default_rng(chance.randrange(2**32)).normal(0.0, shot.noise, pixels.shape)
        pixels = pixels + grain.astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), glare


def _glare(image: Image.Image, strength: float, chance: random.Random) -> Image.Image:
    """A soft white spot that washes out what is under it."""
    spot = Image.new("L", image.size, 0)
    x, y = chance.uniform(0.2, 0.8) * image.width, chance.uniform(0.2, 0.8) * image.height
    reach = image.width * chance.uniform(0.08, 0.18)
    ImageDraw.Draw(spot).ellipse((x - reach, y - reach, x + reach, y + reach), fill=round(255 * strength))
    return spot.filter(ImageFilter.GaussianBlur(reach / 3))


def _with_shadow(pixels: Pixels, strength: float, chance: random.Random) -> Pixels:
    """One side in shadow, with a soft edge that runs at a slant."""
    height, width = pixels.shape[:2]
    slant, middle = chance.uniform(-0.5, 0.5), chance.uniform(0.3, 0.7)
    xs = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    ys = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    shade = 1 / (1 + np.exp(-((xs - middle) + slant * (ys - 0.5)) * 12))
    dimmed: Pixels = (pixels * (1 - strength * shade[..., None])).astype(np.float32)
    return dimmed


def _as_jpeg(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()
