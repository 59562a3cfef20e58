from __future__ import annotations

import copy
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from ryoji.evidence.finding import Finding
from ryoji.evidence.portrait import (
    PixelMeasures,
    PortraitRules,
    check_portrait,
    crop_portrait,
    measure_pixels,
)
from ryoji.evidence.portrait_crop import Head, find_crop

RULES_FILE = Path(__file__).parents[3] / "procedures/rules/portrait.yaml"
RULES = PortraitRules.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))
MESSAGES = RULES_FILE.parents[1] / "messages/parts"


def texts_in(language: str) -> dict[str, Any]:
    """The words of the check's reasons."""
    source = (MESSAGES / f"portrait.{language}.yaml").read_text(encoding="utf-8")
    texts: dict[str, Any] = yaml.safe_load(source)["finding"]["portrait"]
    return texts


TEXTS = {language: texts_in(language) for language in ("ja", "en")}

WIDTH, HEIGHT = 1440, 1800
# Eyes at 720, chin at 960: the crown is estimated at 480, the head 480 pixels high.
FACE: dict[str, Any] = {
    "BoundingBox": {"Width": 0.25, "Height": 0.22, "Left": 0.375, "Top": 0.315},
    "Confidence": 99.9,
    "Landmarks": [
        {"Type": "eyeLeft", "X": 0.45, "Y": 0.4},
        {"Type": "eyeRight", "X": 0.55, "Y": 0.4},
        {"Type": "chinBottom", "X": 0.5, "Y": 0.53333},
    ],
    "Pose": {"Roll": 0.5, "Yaw": -1.0, "Pitch": 2.0},
    "Quality": {"Brightness": 70.0, "Sharpness": 85.0},
    "EyesOpen": {"Value": True, "Confidence": 98.0},
    "MouthOpen": {"Value": False, "Confidence": 97.0},
    "Sunglasses": {"Value": False, "Confidence": 99.0},
    "EyeDirection": {"Yaw": 1.0, "Pitch": 2.0, "Confidence": 95.0},
}
PIXELS = PixelMeasures(
    WIDTH, HEIGHT, None, saturated=0.0, background_spread=4, background_lightness=90, background_step=2
)


def face(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(FACE), **changes}


def check(*faces: dict[str, Any], pixels: PixelMeasures = PIXELS) -> Finding:
    return check_portrait(pixels, {"FaceDetails": list(faces)}, RULES)


def codes(finding: Finding) -> dict[str, str]:
    """The reasons by code; every one has words in both languages."""
    assert all(reason.code in TEXTS[language] for reason in finding.reasons for language in TEXTS)
    return {reason.code: reason.outcome for reason in finding.reasons}


def moved(x: float = 0.0, y: float = 0.0, scale: float = 1.0) -> dict[str, Any]:
    """The face elsewhere, or larger, in the picture."""
    changed = face()
    box = changed["BoundingBox"]
    for mark in changed["Landmarks"]:
        mark["X"], mark["Y"] = 0.5 + (mark["X"] - 0.5) * scale + x, 0.46 + (mark["Y"] - 0.46) * scale + y
    box["Left"], box["Top"] = 0.5 + (box["Left"] - 0.5) * scale + x, 0.46 + (box["Top"] - 0.46) * scale + y
    box["Width"], box["Height"] = box["Width"] * scale, box["Height"] * scale
    return changed


def test_a_good_portrait_passes_every_rule() -> None:
    finding = check(face())
    assert finding.outcome == "pass"
    assert finding.reasons == ()
    assert len(finding.facts["measures"]) == 20
    assert {row["outcome"] for row in finding.facts["measures"]} == {"pass"}


def test_the_suggested_crop_has_the_middle_of_every_rule() -> None:
    crop = check(face()).facts["suggested_crop"]
    width, height = crop["width"] * WIDTH, crop["height"] * HEIGHT
    assert width / height == pytest.approx(35 / 45, abs=1e-3)
    assert 480 / height * 45 == pytest.approx(34, abs=0.05)
    assert (480 - crop["top"] * HEIGHT) / height * 45 == pytest.approx(4, abs=0.05)
    assert (720 - crop["left"] * WIDTH) / width == pytest.approx(0.5, abs=1e-3)


@settings(deadline=None)
@given(
    crown=st.floats(-50, 1400),
    height=st.floats(50, 1600),
    centre=st.floats(0, 1200),
    width=st.integers(200, 3000),
)
def test_a_crop_lies_within_the_picture_and_within_the_rules(
    crown: float, height: float, centre: float, width: int
) -> None:
    fit = find_crop(Head(crown, crown + height, centre, crown + height / 2, 100), width, HEIGHT, RULES)
    if fit is None:
        return
    crop = fit.crop
    assert crop.left >= -1e-9
    assert crop.top >= -1e-9
    assert crop.left + crop.width <= 1 + 1e-9
    assert crop.top + crop.height <= 1 + 1e-9
    assert 32 - 1e-6 <= fit.head_height <= 36 + 1e-6
    assert 2 - 1e-6 <= fit.top_margin <= 6 + 1e-6
    assert 15 - 1e-6 <= fit.centre_from_side <= 19 + 1e-6


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (moved(y=-0.26), "room_above"),
        (moved(y=0.46), "room_below"),
        (moved(x=0.4), "room_sides"),
        (moved(x=-0.4), "room_sides"),
        (moved(scale=3.5), "head_too_large"),
    ],
)
def test_a_picture_without_room_says_where_room_is_wanted(changed: dict[str, Any], code: str) -> None:
    finding = check(changed)
    assert codes(finding) == {code: "fail"}
    assert finding.facts["suggested_crop"] is None
    assert finding.reasons[0].measured is not None
    assert finding.reasons[0].unit == "mm"


def smaller(share: float) -> PixelMeasures:
    return replace(PIXELS, width=round(WIDTH * share), height=round(HEIGHT * share))


def test_too_few_pixels_ask_once_to_come_closer() -> None:
    assert codes(check(face(), pixels=smaller(0.4))) == {"too_few_pixels": "fail"}
    assert codes(check(face(), pixels=smaller(0.7))) == {"too_few_pixels": "review"}


def test_a_face_that_is_little_of_the_picture_is_no_portrait() -> None:
    assert codes(check(moved(scale=0.7)))["head_far"] == "fail"


@pytest.mark.parametrize(
    ("member", "value", "code", "outcome"),
    [
        ("Pose", {"Roll": 0, "Yaw": -6.5, "Pitch": 0}, "turned", "review"),
        ("Pose", {"Roll": 0, "Yaw": 25, "Pitch": 0}, "turned", "fail"),
        ("Pose", {"Roll": 0, "Yaw": 0, "Pitch": -15}, "raised", "fail"),
        ("Pose", {"Roll": -9, "Yaw": 0, "Pitch": 0}, "leaning", "review"),
        ("Pose", {"Roll": 14, "Yaw": 0, "Pitch": 0}, "leaning", "fail"),
        ("Pose", {"Roll": -90, "Yaw": 0, "Pitch": 0}, "sideways", "fail"),
        ("EyesOpen", {"Value": False, "Confidence": 97}, "eyes_closed", "fail"),
        ("EyesOpen", {"Value": False, "Confidence": 60}, "eyes_closed", "review"),
        ("MouthOpen", {"Value": True, "Confidence": 95}, "mouth_open", "fail"),
        ("Sunglasses", {"Value": True, "Confidence": 99}, "sunglasses", "fail"),
        ("Sunglasses", {"Value": True, "Confidence": 55}, "sunglasses", "review"),
        ("EyeDirection", {"Yaw": -22, "Pitch": 0, "Confidence": 95}, "looking_away", "review"),
        ("Quality", {"Brightness": 70, "Sharpness": 40}, "blurred", "review"),
        ("Quality", {"Brightness": 70, "Sharpness": 12}, "blurred", "fail"),
        ("Quality", {"Brightness": 12, "Sharpness": 80}, "too_dark", "review"),
        ("Quality", {"Brightness": 97, "Sharpness": 80}, "too_bright", "review"),
    ],
)
def test_each_measure_of_the_service_is_held_against_its_limit(
    member: str, value: dict[str, Any], code: str, outcome: str
) -> None:
    finding = check(face(**{member: value}))
    assert codes(finding) == {code: outcome}
    assert finding.outcome == outcome


@pytest.mark.parametrize(
    ("pixels", "code", "outcome"),
    [
        (replace(PIXELS, background_spread=20), "background_busy", "review"),
        (replace(PIXELS, background_spread=70), "background_busy", "fail"),
        (replace(PIXELS, background_lightness=50), "background_dark", "review"),
        (replace(PIXELS, background_lightness=20), "background_dark", "fail"),
        (replace(PIXELS, background_step=20), "shadow", "review"),
        (replace(PIXELS, saturated=0.02), "burnt_out", "review"),
        (replace(PIXELS, saturated=0.2), "burnt_out", "fail"),
    ],
)
def test_each_measure_of_the_pixels_is_held_against_its_limit(
    pixels: PixelMeasures, code: str, outcome: str
) -> None:
    assert codes(check(face(), pixels=pixels)) == {code: outcome}


def test_no_face_and_several_faces() -> None:
    assert codes(check()) == {"no_face": "fail"}
    two = check(face(), moved(x=0.3, scale=0.5))
    assert codes(two) == {"several_faces": "fail"}
    assert two.facts["suggested_crop"] is None, "nobody can say whose"
    assert check(face()).facts["suggested_crop"] is not None
    assert codes(check(face(), face(Confidence=60.0))) == {}


def test_what_the_service_leaves_out_goes_to_a_person() -> None:
    sparse = {name: FACE[name] for name in ("BoundingBox", "Confidence", "Landmarks", "Pose", "Quality")}
    assert codes(check(sparse)) == {"not_measured": "review"}


def test_a_gaze_that_the_service_is_unsure_of_says_nothing() -> None:
    assert codes(check(face(EyeDirection={"Yaw": 30, "Pitch": 0, "Confidence": 40}))) == {}


def test_hair_on_a_plain_wall_is_the_crown_unless_it_towers() -> None:
    higher = check(face(), pixels=replace(PIXELS, hair_top=432 / HEIGHT)).facts["suggested_crop"]
    assert higher["height"] * HEIGHT == pytest.approx(528 / 34 * 45, rel=1e-3)
    towering = check(face(), pixels=replace(PIXELS, hair_top=240 / HEIGHT)).facts["suggested_crop"]
    assert towering["height"] * HEIGHT == pytest.approx(480 / 34 * 45, rel=1e-3)


def test_a_reason_carries_what_was_measured_and_what_is_required() -> None:
    (reason,) = check(face(Pose={"Roll": 0, "Yaw": -12.34, "Pitch": 0})).reasons
    assert (reason.measured, reason.required, reason.unit) == ("12.3", "≤ 5", "degrees")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_has_its_words(language: str) -> None:
    texts = texts_in(language)
    source = (Path(check_portrait.__code__.co_filename)).read_text(encoding="utf-8")
    crop = (Path(find_crop.__code__.co_filename)).read_text(encoding="utf-8")
    unsaid = [code for code in texts if f'"{code}"' not in source + crop]
    assert unsaid == []
    assert all(set(words) == {"text", "mend"} for words in texts.values())


def drawn(
    background: tuple[int, int, int],
    right: tuple[int, int, int] | None = None,
    hair: tuple[int, int, int, int] | None = None,
) -> bytes:
    """An egg before a wall, where FACE says that a face is: crown at 480, chin at 960."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), background)
    pen = ImageDraw.Draw(picture)
    if right:
        pen.rectangle((720, 0, WIDTH, HEIGHT), fill=right)
    if hair:
        pen.ellipse(hair, fill=(25, 20, 20))
    pen.ellipse((550, 460, 890, 960), fill=(150, 110, 90))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_plain_wall_measures_plain_and_the_top_of_the_hair_is_found() -> None:
    measured = measure_pixels(drawn((235, 235, 235)), {"FaceDetails": [FACE]})
    assert (measured.width, measured.height) == (WIDTH, HEIGHT)
    assert measured.background_spread is not None
    assert measured.background_spread < 2
    assert measured.background_lightness == pytest.approx(93, abs=2)
    assert measured.background_step == pytest.approx(0, abs=1)
    assert measured.hair_top is not None
    assert measured.hair_top * HEIGHT == pytest.approx(465, abs=12)


def test_a_shadow_on_one_side_is_a_step() -> None:
    measured = measure_pixels(drawn((235, 235, 235), right=(170, 170, 170)), {"FaceDetails": [FACE]})
    assert measured.background_step is not None
    assert measured.background_step > 20
    assert measured.background_spread is not None
    assert measured.background_spread > 25


def test_hair_that_stands_off_is_not_taken_for_a_background() -> None:
    """Long hair let down is wider than the space that a photo's edges leave for a wall beside most heads."""
    measured = measure_pixels(drawn((235, 235, 235), hair=(370, 330, 1070, 1150)), {"FaceDetails": [FACE]})
    assert measured.background_spread is not None
    assert measured.background_spread < 5
    assert measured.background_lightness == pytest.approx(93, abs=2)
    assert measured.hair_top is not None
    assert measured.hair_top * HEIGHT == pytest.approx(335, abs=12)


def test_a_busy_wall_is_busy_behind_any_hair() -> None:
    with Image.open(io.BytesIO(drawn((235, 235, 235), hair=(370, 330, 1070, 1150)))) as opened:
        pen = ImageDraw.Draw(opened)
        for left in range(0, WIDTH, 60):
            pen.rectangle((left, 0, left + 30, HEIGHT), fill=(60, 80, 160))
        out = io.BytesIO()
        opened.save(out, "JPEG", quality=95)
    measured = measure_pixels(out.getvalue(), {"FaceDetails": [FACE]})
    assert measured.background_spread is not None
    assert measured.background_spread > 25


def test_without_a_face_only_the_size_is_measured() -> None:
    assert measure_pixels(drawn((9, 9, 9)), {"FaceDetails": []}) == PixelMeasures(WIDTH, HEIGHT)


def test_a_face_at_the_edge_of_the_picture_is_measured_without_tripping() -> None:
    for x in (-0.6, -0.5, 0.5, 0.6):
        for y in (-0.5, 0.6):
            measure_pixels(drawn((200, 200, 200)), {"FaceDetails": [moved(x=x, y=y)]})


def test_the_crop_is_cut_as_suggested() -> None:
    crop = check(face()).facts["suggested_crop"]
    cut = Image.open(io.BytesIO(crop_portrait(drawn((235, 235, 235)), crop)))
    assert cut.width == pytest.approx(crop["width"] * WIDTH, abs=1.5)
    assert cut.width / cut.height == pytest.approx(35 / 45, abs=0.005)


def test_every_limit_names_its_source() -> None:
    for name, rule in RULES:
        assert rule.source, name
        assert rule.mark in {"found", "unverified", "derived", "design"}
