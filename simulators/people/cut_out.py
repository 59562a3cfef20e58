"""How the `*-plain.jpg` pictures were made: people cut out of official portraits (GrabCut), before a plain wall.

    python -m simulators.people.cut_out FOLDER_OF_ORIGINALS FOLDER_FOR_RESULTS

Needs OpenCV (the recognition stand-in's environment has it). The results are committed: nothing else runs this.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]

WALL = (238, 236, 232)  # blue, green, red
ROOM_ABOVE = 0.1  # of the width: official portraits are cut closer than a passport photo allows


@dataclass(frozen=True)
class Outline:
    """Where a person is for certain, in pixels of the original; the edge is looked for within `reach` around."""

    original: str
    result: str
    head: tuple[int, int, int, int]  # middle and half-axes of an ellipse
    body: tuple[tuple[int, int], ...]
    bottom: int
    reach: int


OUTLINES = (
    Outline(
        "obama.jpg",
        "first-person-plain.jpg",
        (490, 245, 118, 205),
        (
            (420, 400),
            (570, 390),
            (640, 440),
            (780, 510),
            (800, 690),
            (170, 690),
            (220, 540),
            (330, 490),
            (400, 440),
        ),
        690,
        34,
    ),
    Outline(
        "astronaut.png",
        "third-person-plain.jpg",
        (224, 108, 62, 84),
        (
            (150, 180),
            (190, 170),
            (262, 170),
            (290, 190),
            (296, 230),
            (330, 270),
            (340, 400),
            (60, 400),
            (100, 260),
        ),
        400,
        26,
    ),
)


def cut_out(picture: npt.NDArray[np.uint8], outline: Outline) -> npt.NDArray[np.uint8]:
    """The person before a plain wall, with room above the head."""
    import cv2

    picture = np.ascontiguousarray(picture[: outline.bottom])
    share = cv2.GaussianBlur(_person(picture, outline).astype(np.float64), (0, 0), 1.2)[..., None]
    placed = picture * share + np.array(WALL, np.float64) * (1 - share)
    wall = np.full((int(picture.shape[1] * ROOM_ABOVE), picture.shape[1], 3), WALL, np.float64)
    return np.vstack([wall, placed]).astype(np.uint8)


def _person(picture: npt.NDArray[np.uint8], outline: Outline) -> Mask:
    import cv2

    certain = np.zeros(picture.shape[:2], np.uint8)
    x, y, across, down = outline.head
    cv2.ellipse(certain, (x, y), (across, down), 0, 0, 360, 1, -1)
    cv2.fillPoly(certain, [np.array(outline.body, np.int32)], 1)
    round_brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * outline.reach + 1, 2 * outline.reach + 1))
    mask = np.where(
        certain, cv2.GC_FGD, np.where(cv2.dilate(certain, round_brush), cv2.GC_PR_BGD, cv2.GC_BGD)
    )
    mask = mask.astype(np.uint8)
    models = np.zeros((1, 65), np.float64), np.zeros((1, 65), np.float64)
    cv2.grabCut(picture, mask, None, *models, 8, cv2.GC_INIT_WITH_MASK)
    person = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    smooth = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    return np.asarray(
        cv2.erode(cv2.morphologyEx(person, cv2.MORPH_OPEN, smooth), np.ones((3, 3), np.uint8)), np.uint8
    )


def main() -> None:
    """The command line."""
    import cv2

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("originals", type=Path)
    parser.add_argument("results", type=Path)
    given = parser.parse_args()
    for outline in OUTLINES:
        picture = np.asarray(cv2.imread(str(given.originals / outline.original)), np.uint8)
        target = str(given.results / outline.result)
        cv2.imwrite(target, cut_out(picture, outline), [cv2.IMWRITE_JPEG_QUALITY, 90])


if __name__ == "__main__":
    main()
