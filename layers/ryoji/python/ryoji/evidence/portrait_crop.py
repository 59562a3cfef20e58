"""Where the head is in a picture, and which part of the picture is a compliant passport photo of it, if any."""

from __future__ import annotations

import io
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ryoji.evidence.portrait_rules import Limit, PortraitRules

STEPS = 41  # head heights tried between the least and the most
CROP_QUALITY = 95


@dataclass(frozen=True)
class Head:
    """A head in pixels: crown and chin (from the top), the middle of the face (from the left), eyes' distance."""

    crown: float
    chin: float
    centre: float
    eyes: float
    eye_distance: float

    @property
    def height(self) -> float:
        """Crown to chin, in pixels."""
        return self.chin - self.crown


@dataclass(frozen=True)
class Crop:
    """A part of a picture, as fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float

    def as_facts(self) -> dict[str, float]:
        """For a finding's facts."""
        return {name: round(value, 5) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Fit:
    """A crop with what is measured on it, in millimetres of the print."""

    crop: Crop
    head_height: float
    top_margin: float
    centre_from_side: float


def head_of(
    face: dict[str, Any], width: int, height: int, crown_ratio: float, crown: float | None = None
) -> Head:
    """The head of one FaceDetail. The crown has no landmark: it lies `crown_ratio` times as far above the eyes as
    the chin lies below them, unless it was measured (`crown`, pixels from the top)."""
    marks = {mark["Type"]: (mark["X"] * width, mark["Y"] * height) for mark in face.get("Landmarks", ())}
    box = face["BoundingBox"]
    box_middle = (box["Left"] + box["Width"] / 2) * width
    eye_height = (box["Top"] + 0.42 * box["Height"]) * height
    left = marks.get("eyeLeft", (box_middle - 0.2 * box["Width"] * width, eye_height))
    right = marks.get("eyeRight", (box_middle + 0.2 * box["Width"] * width, eye_height))
    chin = marks.get("chinBottom", (box_middle, (box["Top"] + box["Height"]) * height))
    eyes = (left[1] + right[1]) / 2
    return Head(
        crown=eyes - crown_ratio * (chin[1] - eyes) if crown is None else crown,
        chin=chin[1],
        # Between the eyes and the ears: a face that is turned a little is still centred by eye.
        centre=((left[0] + right[0]) / 2 + box_middle) / 2,
        eyes=eyes,
        eye_distance=math.hypot(right[0] - left[0], right[1] - left[1]),
    )


def find_crop(head: Head, width: int, height: int, rules: PortraitRules) -> Fit | None:
    """The crop nearest to the middle of all rules that lies within the picture, or None."""
    for head_mm in _from_the_middle(rules.head_height_mm):
        fit = _fit(head, width, height, rules, head_mm)
        if fit:
            return fit
    return None


@dataclass(frozen=True)
class Lack:
    """Why there is no crop: `head_too_large`, `room_above`, `room_below` or `room_sides`; in millimetres."""

    code: str
    measured: float
    required: str


def missing_room(head: Head, width: int, height: int, rules: PortraitRules) -> Lack:
    """What the picture lacks for a crop with the head as large as allowed."""
    pixel_mm = head.height / (rules.head_height_mm.most or 1.0)
    margin, side = rules.top_margin_mm, rules.centre_from_side_mm
    above, below = head.crown / pixel_mm, (height - head.crown) / pixel_mm
    below_least = rules.print_height_mm.value - (margin.most or 0.0)
    beside = min(head.centre, width - head.centre) / pixel_mm
    is_short = above < (margin.least or 0.0)
    is_low = height / pixel_mm < rules.print_height_mm.value or width / pixel_mm < rules.print_width_mm.value
    if is_low or (is_short and below < below_least):
        share = min(rules.print_height_mm.value / height, rules.print_width_mm.value / width)
        return Lack("head_too_large", head.height * share, rules.head_height_mm.required)
    if is_short:
        return Lack("room_above", above, f"≥ {margin.least:g}")
    if beside < (side.least or 0.0):
        return Lack("room_sides", beside, f"≥ {side.least:g}")
    return Lack("room_below", below, f"≥ {below_least:g}")


def crop_portrait(jpeg: bytes, crop: Crop | dict[str, float]) -> bytes:
    """The part of the picture as a JPEG of its own; takes `facts.suggested_crop` of a finding as it is."""
    from PIL import Image

    part = crop if isinstance(crop, Crop) else Crop(**crop)
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        width, height = picture.size
        left, top = round(part.left * width), round(part.top * height)
        right, bottom = round((part.left + part.width) * width), round((part.top + part.height) * height)
        cut = picture.convert("RGB").crop((left, top, min(right, width), min(bottom, height)))
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=CROP_QUALITY)
    return out.getvalue()


def _from_the_middle(limit: Limit) -> list[float]:
    low, high = limit.least or 0.0, limit.most or 0.0
    middle, half = (low + high) / 2, (high - low) / 2
    offsets = [half * step / (STEPS // 2) for step in range(STEPS // 2 + 1)]
    return [middle + sign * offset for offset in offsets for sign in (1, -1)]


def _fit(head: Head, width: int, height: int, rules: PortraitRules, head_mm: float) -> Fit | None:
    pixel_mm = head.height / head_mm
    crop_width, crop_height = rules.print_width_mm.value * pixel_mm, rules.print_height_mm.value * pixel_mm
    if crop_width > width or crop_height > height:
        return None
    margin = rules.top_margin_mm
    top = _nearest(
        wanted=head.crown - ((margin.least or 0) + (margin.most or 0)) / 2 * pixel_mm,
        low=max(0.0, head.crown - (margin.most or 0) * pixel_mm),
        high=min(height - crop_height, head.crown - (margin.least or 0) * pixel_mm),
    )
    side = (rules.centre_from_side_mm.least or 0) * pixel_mm
    left = _nearest(
        wanted=head.centre - crop_width / 2,
        low=max(0.0, head.centre - crop_width + side),
        high=min(width - crop_width, head.centre - side),
    )
    if top is None or left is None:
        return None
    return Fit(
        Crop(left / width, top / height, crop_width / width, crop_height / height),
        head_height=head_mm,
        top_margin=(head.crown - top) / pixel_mm,
        centre_from_side=min(head.centre - left, left + crop_width - head.centre) / pixel_mm,
    )


def _nearest(wanted: float, low: float, high: float) -> float | None:
    return None if low > high else min(max(wanted, low), high)
