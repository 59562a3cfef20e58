"""Rekognition's DetectFaces and CompareFaces, answered by dlib's models and by measures on the picture.

Members of AWS's answer that nothing here measures (age, gender, beard, emotions, smile, glasses, occlusion) are left
out: they are optional in AWS's model. As at AWS, "left" is the picture's left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from local.recognition import measures
from local.recognition.errors import AwsError
from local.recognition.faces import Face, Points, finder
from local.recognition.pictures import REKOGNITION, Pixels, decode

Answer = dict[str, Any]

DEFAULT_THRESHOLD = 80.0  # AWS's own

# Similarity = 100 / (1 + exp((distance - MIDDLE) / WIDTH)), falling with dlib's distance. Two points fix it: dlib's own
# limit for "the same person", 0.6, is at AWS's default threshold, 80; and 0.45, beyond the 0.23-0.44 measured between
# pictures of one person, is at 99.3. Different people, measured at 0.75-0.91, come out at 10 and under.
MIDDLE = 0.6584
WIDTH = 0.0421

_ALWAYS = ("BoundingBox", "Confidence", "Pose", "Quality", "Landmarks")
_MAIN_LANDMARKS = ("eyeLeft", "eyeRight", "mouthLeft", "mouthRight", "nose")
# AWS's names for dlib's 68 points.
_POINTS: dict[str, int] = {
    "mouthLeft": 48,
    "mouthRight": 54,
    "nose": 30,
    "leftEyeBrowLeft": 17,
    "leftEyeBrowUp": 19,
    "leftEyeBrowRight": 21,
    "rightEyeBrowLeft": 22,
    "rightEyeBrowUp": 24,
    "rightEyeBrowRight": 26,
    "leftEyeLeft": 36,
    "leftEyeRight": 39,
    "rightEyeLeft": 42,
    "rightEyeRight": 45,
    "noseLeft": 31,
    "noseRight": 35,
    "mouthUp": 51,
    "mouthDown": 57,
    "upperJawlineLeft": 0,
    "midJawlineLeft": 4,
    "chinBottom": 8,
    "midJawlineRight": 12,
    "upperJawlineRight": 16,
}


def detect_faces(image_bytes: bytes, attributes: Sequence[str] = ()) -> Answer:
    """Every face of a JPEG or PNG, largest first; `attributes` as AWS takes them. Raises AwsError."""
    pixels = decode(image_bytes, REKOGNITION)
    return {"FaceDetails": [_detail(pixels, face, attributes) for face in finder().find(pixels)]}


def compare_faces(source: bytes, target: bytes, threshold: float | None = None) -> Answer:
    """The source's largest face against every face of the target; raises AwsError, also when a face is missing."""
    limit = DEFAULT_THRESHOLD if threshold is None else threshold
    source_pixels, target_pixels = decode(source, REKOGNITION), decode(target, REKOGNITION)
    source_faces, target_faces = finder().find(source_pixels), finder().find(target_pixels)
    if not source_faces or not target_faces:
        # What Rekognition answers, word for word, when a picture shows no face.
        raise AwsError("InvalidParameterException", "Request has invalid parameters")
    wanted = finder().encode(source_pixels, source_faces[0])
    matches: list[Answer] = []
    others: list[Answer] = []
    for face in target_faces:
        alike = similarity(float(np.linalg.norm(wanted - finder().encode(target_pixels, face))))
        shown = _compared(target_pixels, face)
        if alike >= limit:
            matches.append({"Similarity": round(alike, 4), "Face": shown})
        else:
            others.append(shown)
    matches.sort(key=lambda match: float(match["Similarity"]), reverse=True)
    return {
        "SourceImageFace": _outline(source_pixels, source_faces[0]),
        "FaceMatches": matches,
        "UnmatchedFaces": others,
    }


def similarity(distance: float) -> float:
    """Per cent for a distance between two encodings (see MIDDLE and WIDTH)."""
    return 100 / (1 + math.exp((distance - MIDDLE) / WIDTH))


def _detail(pixels: Pixels, face: Face, attributes: Sequence[str]) -> Answer:
    everything = "ALL" in attributes
    answer: Answer = {
        **_outline(pixels, face),
        "Landmarks": _landmarks(pixels, face, everything),
        "Pose": _pose(face),
        "Quality": _quality(pixels, face),
    }
    optional: dict[str, tuple[str, Callable[[], Answer]]] = {
        "EYES_OPEN": ("EyesOpen", lambda: _judged(measures.eyes_open(face))),
        "MOUTH_OPEN": ("MouthOpen", lambda: _judged(measures.mouth_open(face))),
        "SUNGLASSES": ("Sunglasses", lambda: _judged(measures.sunglasses(pixels, face))),
        "EYE_DIRECTION": ("EyeDirection", lambda: _gaze(pixels, face)),
    }
    for attribute, (member, measure) in optional.items():
        if everything or attribute in attributes:
            answer[member] = measure()
    return answer


def _compared(pixels: Pixels, face: Face) -> Answer:
    return {
        **_outline(pixels, face),
        "Landmarks": _landmarks(pixels, face, everything=False),
        "Pose": _pose(face),
        "Quality": _quality(pixels, face),
    }


def _outline(pixels: Pixels, face: Face) -> Answer:
    height, width = pixels.shape[:2]
    low, high = face.box()
    box = {
        "Width": _fraction(high[0] - low[0], width),
        "Height": _fraction(high[1] - low[1], height),
        "Left": _fraction(low[0], width),
        "Top": _fraction(low[1], height),
    }
    return {"BoundingBox": box, "Confidence": round(face.confidence, 4)}


def _landmarks(pixels: Pixels, face: Face, everything: bool) -> list[Answer]:
    height, width = pixels.shape[:2]
    places = _places(pixels, face)
    names = tuple(places) if everything else _MAIN_LANDMARKS
    return [
        {"Type": name, "X": _fraction(places[name][0], width), "Y": _fraction(places[name][1], height)}
        for name in names
    ]


def _places(pixels: Pixels, face: Face) -> dict[str, Points]:
    points = face.points
    left, right = face.eyes
    return {
        "eyeLeft": left,
        "eyeRight": right,
        **{name: points[index] for name, index in _POINTS.items()},
        "leftEyeUp": (points[37] + points[38]) / 2,
        "leftEyeDown": (points[40] + points[41]) / 2,
        "rightEyeUp": (points[43] + points[44]) / 2,
        "rightEyeDown": (points[46] + points[47]) / 2,
        "leftPupil": measures.pupil(pixels, points[36:42]),
        "rightPupil": measures.pupil(pixels, points[42:48]),
    }


def _pose(face: Face) -> Answer:
    pose = measures.pose(face)
    return {"Roll": round(pose.roll, 4), "Yaw": round(pose.yaw, 4), "Pitch": round(pose.pitch, 4)}


def _quality(pixels: Pixels, face: Face) -> Answer:
    return {
        "Brightness": round(measures.brightness(pixels, face), 4),
        "Sharpness": round(measures.sharpness(pixels, face), 4),
    }


def _judged(judgement: measures.Judgement) -> Answer:
    return {"Value": judgement.value, "Confidence": round(judgement.confidence, 4)}


def _gaze(pixels: Pixels, face: Face) -> Answer:
    yaw, pitch, confidence = measures.gaze(pixels, face)
    return {"Yaw": round(yaw, 4), "Pitch": round(pitch, 4), "Confidence": round(confidence, 4)}


def _fraction(value: Any, whole: int) -> float:
    return round(float(value) / whole, 6)
