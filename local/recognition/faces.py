"""Faces in a picture: found, marked with 68 points and encoded by dlib's models (public domain / Boost licence).

It says nothing of how well faces of every origin are told apart: dlib's author warns that the model is weaker on
East Asian faces. This is a stand-in to build and demonstrate with, not a measuring instrument.
"""

from __future__ import annotations

import functools
import math
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from local.recognition.pictures import Pixels, shrink

Points = npt.NDArray[np.float64]

FIND_SIDE = 1600  # the detector sees faces of 80 pixels and more: a twentieth of the longer side
TURNED_SIDE = 800
MARK_SIDE = 2400  # the points and the encoding need no more pixels than this


@dataclass(frozen=True)
class Face:
    """One face: the detector's score, and dlib's 68 points (68 x 2) in pixels of the whole picture."""

    score: float
    points: Points

    @property
    def confidence(self) -> float:
        """Per cent. dlib's score is a margin, 0 at its own threshold: a logistic curve through 73 there, 99.8 at 1."""
        return 100 / (1 + math.exp(-5 * (self.score + 0.2)))

    @property
    def eyes(self) -> tuple[Points, Points]:
        """Middles of the eyes, the one on the picture's left first."""
        return self.points[36:42].mean(axis=0), self.points[42:48].mean(axis=0)

    @property
    def eye_distance(self) -> float:
        left, right = self.eyes
        return float(np.linalg.norm(right - left))

    def box(self) -> tuple[Points, Points]:
        """Corners of the upright rectangle from ear to ear and from hairline to chin, as Rekognition draws it.

        The hairline has no mark: it is put where the rule of thirds puts it, 0.72 of the way that the chin is
        below the eyes, above them.
        """
        middle = (self.eyes[0] + self.eyes[1]) / 2
        hairline = middle - 0.72 * (self.points[8] - middle)
        outline = np.vstack([self.points[:17], hairline])
        return outline.min(axis=0), outline.max(axis=0)

    @property
    def size(self) -> float:
        low, high = self.box()
        return float(np.prod(high - low))


class FaceFinder:
    """dlib's three models, loaded once; one call at a time works."""

    def __init__(self) -> None:
        import dlib
        import face_recognition_models as models

        self._rectangle: Any = dlib.rectangle
        self._find: Any = dlib.get_frontal_face_detector()
        self._mark: Any = dlib.shape_predictor(models.pose_predictor_model_location())
        self._encode: Any = dlib.face_recognition_model_v1(models.face_recognition_model_location())
        self._lock = threading.Lock()

    def find(self, pixels: Pixels) -> tuple[Face, ...]:
        """All faces, the largest first. A picture without an upright face is looked at from its other sides too."""
        picture, scale = shrink(pixels, MARK_SIDE)
        picture = _red_first(picture)
        with self._lock:
            faces = self._upright(picture, FIND_SIDE) or self._turned(picture)
        whole = [Face(face.score, face.points / scale) for face in faces]
        return tuple(sorted(whole, key=lambda face: -face.size))

    def encode(self, pixels: Pixels, face: Face) -> Points:
        """The 128 numbers by which dlib tells people apart."""
        picture, scale = shrink(pixels, MARK_SIDE)
        with self._lock:
            return np.array(
                self._encode.compute_face_descriptor(_red_first(picture), self._shape(face, scale))
            )

    def _upright(self, picture: Pixels, side: int) -> list[Face]:
        small, scale = shrink(picture, side)
        boxes, scores, _ = self._find.run(np.ascontiguousarray(small), 0, 0.0)
        faces = []
        for box, score in zip(boxes, scores, strict=True):
            edges = [round(edge / scale) for edge in (box.left(), box.top(), box.right(), box.bottom())]
            faces.append(Face(float(score), self._points(picture, edges)))
        return faces

    def _points(self, picture: Pixels, edges: list[int]) -> Points:
        """The mean of what is marked from the box and from boxes a little beside it: the box jumps in steps of the
        detector's window, and the marks would jump with it (by 5 degrees of yaw, where 5 is a rule's limit)."""
        step = round((edges[2] - edges[0]) * 0.05)
        marked = []
        for right, down in ((0, 0), (step, 0), (-step, 0), (0, step), (0, -step)):
            box = self._rectangle(edges[0] + right, edges[1] + down, edges[2] + right, edges[3] + down)
            marked.append([[part.x, part.y] for part in self._mark(picture, box).parts()])
        return np.asarray(np.mean(np.array(marked, np.float64), axis=0))

    def _turned(self, picture: Pixels) -> list[Face]:
        height, width = picture.shape[:2]
        for quarters in (1, 3, 2):
            turned = np.ascontiguousarray(np.rot90(picture, quarters))
            faces = self._upright(turned, TURNED_SIDE)
            if faces:
                return [
                    Face(face.score, _turned_back(face.points, quarters, width, height)) for face in faces
                ]
        return []

    def _shape(self, face: Face, scale: float) -> Any:
        import dlib

        points = np.rint(face.points * scale).astype(int)
        low, high = points.min(axis=0), points.max(axis=0)
        return dlib.full_object_detection(
            self._rectangle(int(low[0]), int(low[1]), int(high[0]), int(high[1])),
            [dlib.point(int(x), int(y)) for x, y in points],
        )


@functools.cache
def finder() -> FaceFinder:
    """The one finder of this process."""
    return FaceFinder()


def _red_first(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _turned_back(points: Points, quarters: int, width: int, height: int) -> Points:
    """Points of a picture turned left by so many quarters, as points of the picture before."""
    x, y = points[:, 0], points[:, 1]
    if quarters == 1:
        return np.stack([width - 1 - y, x], axis=1)
    if quarters == 2:
        return np.stack([width - 1 - x, height - 1 - y], axis=1)
    return np.stack([y, height - 1 - x], axis=1)
