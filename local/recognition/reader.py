"""Lines of text in a picture, read by RapidOCR's models (PP-OCRv6, Apache-2.0) whichever way up the page lies.

RapidOCR's own pipeline shrinks the picture before it reads; here lines are found on a small copy and read from
the full one, which is both faster and better on the small print of a phone's picture.
"""

from __future__ import annotations

import functools
import math
import threading
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from local.recognition.pictures import Pixels, shrink

Quad = npt.NDArray[np.float32]  # 4 x 2: top left, top right, bottom right, bottom left, as the text is read

# Pixels of the longer side at which lines are looked for: 1280 and 1600 found no more, and took longer.
FIND_SIDE = 1024
MAX_GROWTH = 2.0
NARROWEST = 2  # times as wide as high is the least that a line is read at
MIN_CHARACTER = 0.02  # below this the model saw something outside the alphabet, not an unsure letter
MIN_LINE = 0.5  # RapidOCR's own `text_score`
JUDGED_LINES = 6  # so many lines say which way up the page lies
SURE_VOTE = (
    0.5  # their mean vote, -1 (upside down) to 1 (upright), beyond which reading both ways is not needed
)

_EXTRA_SIGNS = "€£¥§°«»–—’‘“”•™®©"


@dataclass(frozen=True)
class Character:
    """One character: how sure the model is (0-1), and where its middle is along the line (0-1)."""

    text: str
    confidence: float
    at: float


@dataclass(frozen=True)
class Line:
    """One line as read: its quadrilateral in pixels of the whole picture, in reading order, and its characters."""

    quad: Quad
    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @property
    def confidence(self) -> float:
        return float(np.mean([character.confidence for character in self.characters]))


@dataclass(frozen=True)
class _Strip:
    """A line cut out and laid flat."""

    quad: Quad
    pixels: Pixels

    def turned(self) -> _Strip:
        """The same line the other way up."""
        return replace(
            self, quad=np.roll(self.quad, 2, axis=0), pixels=np.ascontiguousarray(self.pixels[::-1, ::-1])
        )

    @property
    def length(self) -> float:
        """How many times as long as high."""
        return float(self.pixels.shape[1] / self.pixels.shape[0])

    @property
    def direction(self) -> npt.NDArray[np.float32]:
        """The way that the line runs in the picture, of length 1."""
        along: npt.NDArray[np.float32] = self.quad[1] - self.quad[0]
        along /= max(1e-6, float(np.linalg.norm(along)))
        return along


class Reader:
    """RapidOCR's three models, loaded once; `read` is safe to call from several threads, one at a time reads."""

    def __init__(self, threads: int = 2) -> None:
        from rapidocr import RapidOCR

        engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "Det.limit_type": "max",
                "Det.limit_side_len": FIND_SIDE,
            }
        )
        self._finder, self._turner, self._recogniser = _models(engine)
        for model, name in ((self._finder, "det"), (self._turner, "cls"), (self._recogniser, "rec")):
            model.session.session = _patient_session(name, threads)
        self._alphabet = _latin(self._recogniser.postprocess_op.character)
        self._lock = threading.Lock()

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        """The lines of a picture, in reading order; none if there is no text."""
        with self._lock:
            strips = self._right_way_up(self._strips(pixels))
            lines = [line for line in self._recognise(strips) if line and line.confidence >= MIN_LINE]
        return in_reading_order(tuple(lines))

    def _strips(self, pixels: Pixels) -> list[_Strip]:
        small, scale = shrink(pixels, FIND_SIDE, MAX_GROWTH)
        found = self._finder(small).boxes
        if found is None:
            return []
        return [_cut(pixels, np.asarray(box, np.float32) / scale) for box in found]

    def _right_way_up(self, strips: list[_Strip]) -> list[_Strip]:
        """Lines along the longest line and lines across it are judged apart: a stamp need not lie as the page does."""
        if not strips:
            return []
        axis = max(strips, key=lambda strip: strip.length).direction
        across = np.array([-axis[1], axis[0]])
        along = [strip for strip in strips if abs(strip.direction @ axis) >= math.cos(math.pi / 4)]
        others = [strip for strip in strips if abs(strip.direction @ axis) < math.cos(math.pi / 4)]
        return self._same_way_up(along, axis) + self._same_way_up(others, across)

    def _same_way_up(self, strips: list[_Strip], axis: npt.NDArray[np.float32]) -> list[_Strip]:
        aligned = [strip if strip.direction @ axis >= 0 else strip.turned() for strip in strips]
        return [strip.turned() for strip in aligned] if aligned and self._is_upside_down(aligned) else aligned

    def _is_upside_down(self, strips: list[_Strip]) -> bool:
        # The classifier squeezes a line to 4:1; it is right on words and guesses on machine-readable lines.
        words = sorted(
            (strip for strip in strips if 2 <= strip.length <= 12), key=lambda strip: -strip.length
        )
        vote = self._vote(words[:JUDGED_LINES])
        if abs(vote) >= SURE_VOTE:
            return vote < 0
        longest = sorted(strips, key=lambda strip: -strip.length)[:JUDGED_LINES]
        return _sureness(self._recognise([strip.turned() for strip in longest])) > _sureness(
            self._recognise(longest)
        )

    def _vote(self, strips: list[_Strip]) -> float:
        if not strips:
            return 0.0
        judged = self._turner([strip.pixels for strip in strips]).cls_res
        return float(np.mean([-score if label == "180" else score for label, score in judged]))

    def _recognise(self, strips: list[_Strip]) -> list[Line | None]:
        return [self._read(strip) for strip in strips]

    def _read(self, strip: _Strip) -> Line | None:
        # Each by itself: read together, all would be widened to the longest, which is most of the work.
        width = max(strip.length, NARROWEST)
        image = self._recogniser.resize_norm_img(strip.pixels, width)
        (scores,) = self._recogniser.session(image[np.newaxis].astype(np.float32))
        return self._line(strip, scores, width)

    def _line(self, strip: _Strip, scores: npt.NDArray[np.float32], width: float) -> Line | None:
        used_columns = len(scores) * strip.length / width
        characters = _decode(scores, self._recogniser.postprocess_op.character, self._alphabet, used_columns)
        return Line(strip.quad, characters) if characters else None


@functools.cache
def reader() -> Reader:
    """The one reader of this process."""
    return Reader()


def in_reading_order(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Top to bottom and left to right as the page is read, however it lies in the picture."""
    if not lines:
        return ()
    angle = math.radians(page_angle(lines))
    across = np.array([math.cos(angle), math.sin(angle)])
    down = np.array([-math.sin(angle), math.cos(angle)])
    placed = [(line, line.quad.mean(axis=0)) for line in lines]
    row_height = float(np.median([_height(line.quad) for line in lines])) * 0.6
    placed.sort(key=lambda item: float(item[1] @ down))
    rows: list[list[tuple[Line, Any]]] = []
    for item in placed:
        if rows and float((item[1] - rows[-1][-1][1]) @ down) < row_height:
            rows[-1].append(item)
        else:
            rows.append([item])
    return tuple(line for row in rows for line, _ in sorted(row, key=lambda item: float(item[1] @ across)))


def page_angle(lines: tuple[Line, ...]) -> float:
    """Degrees by which the text is turned, clockwise, -180 to 180: the mean direction, long lines weighing more."""
    along = sum((line.quad[1] - line.quad[0] + line.quad[2] - line.quad[3] for line in lines), np.zeros(2))
    return math.degrees(math.atan2(along[1], along[0]))


def _models(engine: Any) -> tuple[Any, Any, Any]:
    """RapidOCR loads a model when it is first used, so each is used once."""
    blank = np.full((96, 640, 3), 255, np.uint8)
    engine(blank)
    engine(blank, use_det=False, use_cls=True, use_rec=True)
    return engine.text_det, engine.text_cls, engine.text_rec


def _patient_session(name: str, threads: int) -> Any:
    """The model of that name in a session whose threads sleep while they wait.

    By default they spin, and take from their neighbours what they wait for: on two busy cores, sleeping threads read
    a page in about a quarter less time (4.0 against 5.5 seconds, with ten other programs running).
    """
    import rapidocr

    onnxruntime: Any = import_module("onnxruntime")

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = False  # reading pages of all sizes, the arena would only grow
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    (path,) = (Path(rapidocr.__file__).parent / "models").glob(f"*_{name}_*.onnx")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _latin(characters: list[str]) -> npt.NDArray[np.bool_]:
    """Which of the model's characters may be read: Textract reads Latin scripts only, so what it could not say is
    not said here either. The first is the blank between two equal letters."""
    allowed = [len(text) == 1 and (text in _EXTRA_SIGNS or 0x20 <= ord(text) <= 0x24F) for text in characters]
    return np.array([True, *allowed[1:]])


def _decode(
    scores: npt.NDArray[np.float32], names: list[str], alphabet: npt.NDArray[np.bool_], used_columns: float
) -> tuple[Character, ...]:
    """Greedy CTC decoding (columns x characters) within the alphabet; surrounding blanks are dropped."""
    within = np.where(alphabet, scores[:, : len(alphabet)], 0.0)
    best = within.argmax(axis=1)
    score = within.max(axis=1)
    best[score < MIN_CHARACTER] = 0
    starts = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    read = [
        # The probability is among the alphabet's characters: how sure a reader is who knows no other script.
        Character(names[best[i]], float(score[i] / within[i].sum()), min(1.0, (i + 0.5) / used_columns))
        for i in starts
    ]
    while read and read[0].text.isspace():
        read.pop(0)
    while read and read[-1].text.isspace():
        read.pop()
    return tuple(read)


def _cut(pixels: Pixels, quad: Quad) -> _Strip:
    """The line within the quadrilateral, laid flat; a standing one (1.5 times as high as wide) is turned left."""
    import cv2

    width = max(1, round(max(_distance(quad[0], quad[1]), _distance(quad[3], quad[2]))))
    height = max(1, round(max(_distance(quad[0], quad[3]), _distance(quad[1], quad[2]))))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, flat)
    strip = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    if height < 1.5 * width:
        return _Strip(quad, strip)
    return _Strip(np.roll(quad, -1, axis=0), np.ascontiguousarray(np.rot90(strip)))


def _distance(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    return float(np.linalg.norm(a - b))


def _height(quad: Quad) -> float:
    return (_distance(quad[0], quad[3]) + _distance(quad[1], quad[2])) / 2


def _sureness(lines: list[Line | None]) -> float:
    return sum(line.confidence * len(line.characters) for line in lines if line)
