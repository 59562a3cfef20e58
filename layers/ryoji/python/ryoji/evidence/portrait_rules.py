"""The limits that a portrait is held against: data of `procedures/rules/portrait.yaml`, each with source and mark."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ryoji.evidence.finding import Outcome

Mark = Literal["found", "unverified", "derived", "design"]


class _Sourced(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1)
    mark: Mark


class Quantity(_Sourced):
    """One number that a rule is computed with."""

    value: float


class Limit(_Sourced):
    """The range that passes and the wider one that a person looks at; what lies beyond has the outcome `beyond`."""

    least: float | None = None
    most: float | None = None
    review_least: float | None = None
    review_most: float | None = None
    beyond: Literal["fail", "review"] = "fail"
    unit: str = Field(min_length=1)

    def judge(self, measured: float) -> Outcome:
        """Pass within the range, review within the wider one, else `beyond`."""
        if _within(measured, self.least, self.most):
            return "pass"
        # A side without a wider limit keeps its own: a range widened above is not thereby open below.
        low = self.least if self.review_least is None else self.review_least
        high = self.most if self.review_most is None else self.review_most
        return "review" if _within(measured, low, high) else self.beyond

    @property
    def required(self) -> str:
        """The passing range as a reader sees it."""
        if self.least is None:
            return f"≤ {self.most:g}"
        if self.most is None:
            return f"≥ {self.least:g}"
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g}–{self.most:g}"


class PortraitRules(BaseModel):
    """All limits of the portrait check. Lengths in millimetres are on the print, of which the crop is the image."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    print_width_mm: Quantity
    print_height_mm: Quantity
    head_height_mm: Limit
    top_margin_mm: Limit
    centre_from_side_mm: Limit
    crown_ratio: Quantity
    crown_measured_share: Limit
    faces: Limit
    face_confidence: Quantity
    yaw: Limit
    pitch: Limit
    roll: Limit
    head_share: Limit
    eye_distance_px: Limit
    crop_width_px: Limit
    sure: Quantity
    gaze: Limit
    gaze_confidence: Quantity
    sharpness: Limit
    brightness: Limit
    saturated: Limit
    background_spread: Limit
    background_lightness: Limit
    background_step: Limit


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
