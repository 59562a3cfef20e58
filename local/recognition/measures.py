"""What can be measured on a face from its 68 points and its pixels: direction, eyes, mouth, light, sharpness.

Each measure names its scale. Confidences are logistic curves of the measure's distance from its threshold: far
from the threshold means sure. What is not measured here (age, emotions, beard, occlusion) is left out of answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from local.recognition.faces import Face, Points
from local.recognition.pictures import Pixels

# Average heads, in millimetres from the nose's tip: x to the picture's right, y down, z towards the camera. The
# outline of the jaw slides along the cheek as a head turns and would halve the yaw; the mouth's corners rise with a
# smile and would lift the head. So each angle has its own marks.
_Head = tuple[tuple[int, tuple[float, float, float]], ...]
_FOR_YAW: _Head = (
    (30, (0, 0, 0)),  # tip of the nose
    (8, (0, 66, -26)),  # chin
    (36, (-45, -34, -27)),  # outer corners of the eyes
    (45, (45, -34, -27)),
    (48, (-28, 29, -24)),  # corners of the mouth
    (54, (28, 29, -24)),
)
_FOR_PITCH: _Head = (
    (30, (0, 0, 0)),
    (8, (0, 70, -26)),
    (36, (-45, -36, -38)),
    (45, (45, -36, -38)),
    (39, (-17, -35, -30)),  # inner corners of the eyes
    (42, (17, -35, -30)),
    (33, (0, 12, -12)),  # below the nose
    (27, (0, -36, -20)),  # its root
    (2, (-68, 2, -95)),  # the jaw below the ears, and at them
    (14, (68, 2, -95)),
    (0, (-70, -36, -105)),
    (16, (70, -36, -105)),
)

OPEN_EYE = 0.17  # height over width of the opening; open eyes are 0.22-0.35, shut ones under 0.12
OPEN_MOUTH = 0.13  # gap between the lips over eyes-to-chin: 0.09-0.11 in a broad smile, 0.16 in speech
DARK_LENS = 0.40  # light around the eyes over light of the cheeks; 0.75-1.1 without lenses
SHARP_MIDDLE = math.log(
    0.15
)  # spread of edges: 0.3-0.6 in sharp official portraits, 0.05-0.13 blurred by 2-8 pixels
LASHES = 8.0  # degrees by which the upper lashes' shadow lifts the dark part of an eye that looks straight


@dataclass(frozen=True)
class Judgement:
    """Yes or no, and how sure (50-100 per cent)."""

    value: bool
    confidence: float


@dataclass(frozen=True)
class Pose:
    """Degrees; positive: turned to the picture's right, looking up, leaning to the picture's right (clockwise)."""

    yaw: float
    pitch: float
    roll: float


def pose(face: Face) -> Pose:
    """The direction of the face: average heads turned until their marks fall on the points (solvePnP).

    Yaw and pitch are those of the head, not of the picture: the lean is taken out first.
    """
    left, right = face.eyes
    roll = math.atan2(right[1] - left[1], right[0] - left[0])
    across, _, forth = _facing(face, _FOR_YAW, roll)
    _, up, _ = _facing(face, _FOR_PITCH, roll)
    return Pose(
        yaw=math.degrees(math.atan2(across, forth)),
        pitch=math.degrees(math.asin(max(-1.0, min(1.0, up)))),
        roll=math.degrees(roll),
    )


def _facing(face: Face, head: _Head, roll: float) -> tuple[float, float, float]:
    """Where the nose points, once the lean is taken out: to the picture's right, up, towards the camera."""
    import cv2

    # The lens looks at the face, not at the picture's middle: cutting a picture must not turn the head in it.
    x, y = face.points.mean(axis=0)
    focal = 12 * face.eye_distance
    lens = np.array([[focal, 0, x], [0, focal, y], [0, 0, 1]], np.float64)
    places = np.array([place for _, place in head], np.float64) * (1, 1, -1)
    marks = np.array([face.points[index] for index, _ in head], np.float64)
    _, turn, _ = cv2.solvePnP(places, marks, lens, None, flags=cv2.SOLVEPNP_SQPNP)
    level = np.array([[math.cos(roll), math.sin(roll), 0], [-math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    right, down, away = level @ cv2.Rodrigues(turn)[0] @ (0, 0, -1)
    return float(right), float(-down), float(-away)


def eyes_open(face: Face) -> Judgement:
    """Both eyes open: the eye aspect ratio (Soukupova and Cech, 2016) of the less open one."""
    return _judge(min(eye_opening(face.points[36:42]), eye_opening(face.points[42:48])), OPEN_EYE, 0.02)


def eye_opening(eye: Points) -> float:
    """Height over width of one eye's six points."""
    upright = np.linalg.norm(eye[1] - eye[5]) + np.linalg.norm(eye[2] - eye[4])
    return float(upright / (2 * max(1e-6, float(np.linalg.norm(eye[0] - eye[3])))))


def mouth_open(face: Face) -> Judgement:
    """Lips apart."""
    return _judge(mouth_opening(face), OPEN_MOUTH, 0.01)


def mouth_opening(face: Face) -> float:
    """The gap between the lips, over the distance from between the eyes to the chin."""
    points = face.points
    gap = max(float(np.linalg.norm(points[top] - points[low])) for top, low in ((61, 67), (62, 66), (63, 65)))
    return gap / max(1e-6, float(np.linalg.norm((face.eyes[0] + face.eyes[1]) / 2 - points[8])))


def brightness(pixels: Pixels, face: Face) -> float:
    """Lightness L* (CIE 1976, 0-100) of the face's mean luminance."""
    luminance = float(np.mean((_patch(pixels, *face.box()) / 255.0) ** 2.2))
    return max(0.0, min(100.0, 116 * math.pow(luminance, 1 / 3) - 16))


def sharpness(pixels: Pixels, face: Face) -> float:
    """0-100 from the spread of the Laplacian over the face, at one size and contrast for all."""
    return 100 / (1 + math.exp(-1.6 * (math.log(max(1e-3, edge_spread(pixels, face))) - SHARP_MIDDLE)))


def edge_spread(pixels: Pixels, face: Face) -> float:
    """Standard deviation of the Laplacian of the face, brought to 240 pixels and to a contrast of 1."""
    import cv2

    patch = _patch(pixels, *face.box())
    scale = 240 / max(patch.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    patch = cv2.resize(patch, None, fx=scale, fy=scale, interpolation=how)
    contrast = max(8.0, float(patch.std()))
    return float(cv2.Laplacian(patch.astype(np.float64) / contrast, cv2.CV_64F).std())


def sunglasses(pixels: Pixels, face: Face) -> Judgement:
    """Dark lenses: the light around the eyes, over that of the cheeks below."""
    return _judge(-lens_light(pixels, face), -DARK_LENS, 0.06)


def lens_light(pixels: Pixels, face: Face) -> float:
    """Median light around the eyes over median light of the cheeks."""
    reach = face.eye_distance * 0.28
    around, cheeks = [], []
    for middle in face.eyes:
        around.append(_patch(pixels, middle - reach, middle + reach))
        below = middle + (face.points[8] - face.points[27]) * 0.42
        cheeks.append(_patch(pixels, below - reach / 2, below + reach / 2))
    dark = np.median(np.concatenate([patch.ravel() for patch in around]))
    return float(dark / max(1.0, float(np.median(np.concatenate([patch.ravel() for patch in cheeks])))))


def pupil(pixels: Pixels, eye: Points) -> Points:
    """The middle of the dark part of one eye: its pixels within the lids weighed by their darkness."""
    import cv2

    low = np.floor(eye.min(axis=0)).astype(int)
    patch = _patch(pixels, eye.min(axis=0), eye.max(axis=0)).astype(np.float64)
    mask = np.zeros(patch.shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(eye - low).astype(np.int32)], 1)
    within = patch[mask > 0]
    if within.size < 12:
        return np.asarray(eye.mean(axis=0))
    weight = np.where(mask > 0, np.clip(np.percentile(within, 45) - patch, 0, None), 0.0)
    if weight.sum() <= 0:
        return np.asarray(eye.mean(axis=0))
    rows, columns = np.indices(patch.shape)
    return np.asarray(low + np.array([(columns * weight).sum(), (rows * weight).sum()]) / weight.sum())


def gaze(pixels: Pixels, face: Face) -> tuple[float, float, float]:
    """Yaw and pitch of the eyes in their sockets, in degrees, and the confidence in per cent.

    A pupil moves about as far as the eyeball's radius times the sine of the angle; the eye's opening is some 2.4
    radii wide. An eye of few pixels says little, so the confidence falls with its width.
    """
    yaws, pitches = [], []
    for eye in (face.points[36:42], face.points[42:48]):
        span = eye[3] - eye[0]
        width = float(np.linalg.norm(span))
        along = span / max(1e-6, width)
        offset = (pupil(pixels, eye) - eye.mean(axis=0)) / max(1e-6, width) * 2.4
        yaws.append(_arc(float(offset @ along)))
        pitches.append(_arc(float(offset @ (along[1], -along[0]))))
    width = float(np.linalg.norm(face.points[39] - face.points[36]))
    return float(np.mean(yaws)), float(np.mean(pitches)) - LASHES, 95 / (1 + math.exp(-(width - 25) / 10))


def _arc(sine: float) -> float:
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def _judge(measured: float, threshold: float, width: float) -> Judgement:
    sure = 100 / (1 + math.exp(-abs(measured - threshold) / width))
    return Judgement(measured > threshold, sure)


def _patch(pixels: Pixels, low: Points, high: Points) -> npt.NDArray[np.uint8]:
    """Luminance within two corners, as far as they lie in the picture; at least one pixel."""
    import cv2

    height, width = pixels.shape[:2]
    left, top = (
        int(max(0, min(limit - 1, math.floor(v)))) for v, limit in zip(low, (width, height), strict=True)
    )
    right, bottom = (
        int(max(1, min(limit, math.ceil(v)))) for v, limit in zip(high, (width, height), strict=True)
    )
    patch = pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
    return np.asarray(cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY), np.uint8)
