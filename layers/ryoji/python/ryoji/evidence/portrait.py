"""The portrait check: ICAO Doc 9303-3 §3.9 and the ministry's photo rules, each measured and with how to mend it.

An applicant's picture need not be cropped: head height, margin and centring are judged on the best crop to 35 x 45 mm
that lies within it, which the finding suggests. Pose, eyes, mouth, light and sharpness are Rekognition's measures; the
background and burnt-out pixels are our own (`portrait_pixels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ryoji.evidence.finding import Finding, Outcome, Reason, gravest
from ryoji.evidence.portrait_crop import Crop, Fit, Head, crop_portrait, find_crop, head_of, missing_room
from ryoji.evidence.portrait_pixels import PixelMeasures, largest, measure_pixels
from ryoji.evidence.portrait_rules import Limit, PortraitRules

__all__ = ["Crop", "PixelMeasures", "PortraitRules", "check_portrait", "crop_portrait", "measure_pixels"]

SIDEWAYS = 45.0  # degrees of lean from which the picture, not the head, is turned


@dataclass(frozen=True)
class _Measure:
    """One rule held against the picture; `code` is given as the reason where it does not pass."""

    rule: str
    code: str
    outcome: Outcome
    measured: str | None = None
    required: str | None = None
    unit: str | None = None

    def reason(self) -> Reason:
        return Reason(
            code=self.code,
            outcome=self.outcome,
            measured=self.measured,
            required=self.required,
            unit=self.unit,
        )

    def fact(self) -> dict[str, str | None]:
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            "measured": self.measured,
            "required": self.required,
            "unit": self.unit,
        }


def check_portrait(
    image: PixelMeasures, detect_faces_response: dict[str, Any], rules: PortraitRules
) -> Finding:
    """All rules on one picture. `facts`: `measures` (every rule, passed or not) and `suggested_crop` (fractions)."""
    faces = [
        face
        for face in detect_faces_response.get("FaceDetails", [])
        if face.get("Confidence", 0.0) >= rules.face_confidence.value
    ]
    count = _count(len(faces), rules)
    face = largest({"FaceDetails": faces})
    if face is None:
        return _finding([count], None)
    roll = float(face.get("Pose", {}).get("Roll", 0.0))
    if abs(roll) > SIDEWAYS:
        return _finding([count, _limited("sideways", "sideways", abs(roll), rules.roll)], None)
    head = _head(face, image, rules)
    fit = find_crop(head, image.width, image.height, rules)
    measures = [
        count,
        *_framing(head, fit, image, rules),
        *_pose(face, rules),
        *_eyes_and_mouth(face, rules),
        *_light(face, image, rules),
        *_background(image, rules),
    ]
    # Of two people nobody can say whose crop it would be.
    return _finding(measures, fit if count.outcome == "pass" else None)


def _finding(measures: list[_Measure], fit: Fit | None) -> Finding:
    by_code: dict[str, Reason] = {}
    for measure in measures:
        reason = measure.reason()
        # Two rules may be mended in one way (come closer): the graver one says so, once.
        if (
            reason.outcome != "pass"
            and gravest((reason, *filter(None, [by_code.get(reason.code)]))) == reason.outcome
        ):
            by_code.setdefault(reason.code, reason)
    reasons = tuple(by_code.values())
    facts = {
        "measures": [measure.fact() for measure in measures],
        "suggested_crop": fit.crop.as_facts() if fit else None,
    }
    return Finding(check="portrait", outcome=gravest(reasons), reasons=reasons, facts=facts)


def _count(faces: int, rules: PortraitRules) -> _Measure:
    return _limited("faces", "several_faces" if faces else "no_face", float(faces), rules.faces, digits=0)


def _head(face: dict[str, Any], image: PixelMeasures, rules: PortraitRules) -> Head:
    """The crown is the hair's top where a plain background shows it and it is a head's; else it is estimated."""
    estimated = head_of(face, image.width, image.height, rules.crown_ratio.value)
    if image.hair_top is None:
        return estimated
    measured = head_of(
        face, image.width, image.height, rules.crown_ratio.value, crown=image.hair_top * image.height
    )
    share = measured.height / max(1.0, estimated.height)
    return measured if rules.crown_measured_share.judge(share) == "pass" else estimated


def _framing(head: Head, fit: Fit | None, image: PixelMeasures, rules: PortraitRules) -> list[_Measure]:
    share = _limited("head_share", "head_far", head.height / image.height * 100, rules.head_share)
    eyes = _limited("eye_distance_px", "too_few_pixels", head.eye_distance, rules.eye_distance_px, digits=0)
    if fit is None:
        lack = missing_room(head, image.width, image.height, rules)
        return [
            _Measure("framing", lack.code, "fail", f"{lack.measured:.1f}", lack.required, "mm"),
            share,
            eyes,
        ]
    return [
        _limited("head_height_mm", "head_size", fit.head_height, rules.head_height_mm),
        _limited("top_margin_mm", "room_above", fit.top_margin, rules.top_margin_mm),
        _limited("centre_from_side_mm", "room_sides", fit.centre_from_side, rules.centre_from_side_mm),
        _limited(
            "crop_width_px", "too_few_pixels", fit.crop.width * image.width, rules.crop_width_px, digits=0
        ),
        share,
        eyes,
    ]


def _pose(face: dict[str, Any], rules: PortraitRules) -> list[_Measure]:
    pose = face.get("Pose", {})
    named = (("yaw", "Yaw", "turned", rules.yaw), ("pitch", "Pitch", "raised", rules.pitch))
    rows = [_optional(rule, code, pose.get(member), limit) for rule, member, code, limit in named]
    return [*rows, _optional("roll", "leaning", pose.get("Roll"), rules.roll)]


def _eyes_and_mouth(face: dict[str, Any], rules: PortraitRules) -> list[_Measure]:
    rows = [
        _expected(face, "EyesOpen", True, "eyes_closed", rules),
        _expected(face, "MouthOpen", False, "mouth_open", rules),
        _expected(face, "Sunglasses", False, "sunglasses", rules),
    ]
    gaze = face.get("EyeDirection")
    # A gaze that the service is unsure of says nothing against the applicant.
    if gaze and gaze.get("Confidence", 0.0) >= rules.gaze_confidence.value:
        away = max(abs(float(gaze["Yaw"])), abs(float(gaze["Pitch"])))
        rows.append(_limited("gaze", "looking_away", away, rules.gaze))
    return rows


def _light(face: dict[str, Any], image: PixelMeasures, rules: PortraitRules) -> list[_Measure]:
    quality = face.get("Quality", {})
    brightness = quality.get("Brightness")
    dark = brightness is not None and brightness < (rules.brightness.least or 0.0)
    rows = [
        _optional("sharpness", "blurred", quality.get("Sharpness"), rules.sharpness),
        _optional("brightness", "too_dark" if dark else "too_bright", brightness, rules.brightness),
    ]
    if image.saturated is not None:
        rows.append(_limited("saturated", "burnt_out", image.saturated * 100, rules.saturated, digits=2))
    return rows


def _background(image: PixelMeasures, rules: PortraitRules) -> list[_Measure]:
    named = (
        ("background_spread", "background_busy", image.background_spread, rules.background_spread),
        ("background_lightness", "background_dark", image.background_lightness, rules.background_lightness),
        ("background_step", "shadow", image.background_step, rules.background_step),
    )
    return [_limited(rule, code, value, limit) for rule, code, value, limit in named if value is not None]


def _limited(rule: str, code: str, value: float, limit: Limit, digits: int = 1) -> _Measure:
    return _Measure(rule, code, limit.judge(value), f"{value:.{digits}f}", limit.required, limit.unit)


def _optional(rule: str, code: str, value: float | None, limit: Limit) -> _Measure:
    """A measure that the service may leave out; an angle is held against its limit whichever way it turns."""
    if value is None:
        return _Measure(rule, "not_measured", "review", None, limit.required, limit.unit)
    return _limited(rule, code, abs(float(value)), limit)


def _expected(face: dict[str, Any], member: str, wanted: bool, code: str, rules: PortraitRules) -> _Measure:
    """A yes or no of the service: what is not wanted fails if the service is sure of it, else a person looks."""
    judged = face.get(member)
    rule, sure = f"{member[0].lower()}{member[1:]}", rules.sure
    required = "yes" if wanted else "no"
    if judged is None:
        return _Measure(rule, "not_measured", "review", None, required)
    measured = f"{'yes' if judged['Value'] else 'no'} ({judged['Confidence']:.0f} %)"
    if judged["Value"] is wanted:
        return _Measure(rule, code, "pass", measured, required)
    return _Measure(
        rule, code, "fail" if judged["Confidence"] >= sure.value else "review", measured, required
    )
