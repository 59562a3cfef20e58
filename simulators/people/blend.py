"""How the pictures of the demo people were made: nobody's face, blended from public-domain portraits by landmarks.

    .local/venv-recognition/bin/python -m simulators.people.blend FOLDER_FOR_RESULTS

Shapes are averaged and made even on both sides; skin is mixed; mouth and eyes come from the one whose are usable.
Neck, clothes and wall are painted. Needs the recognition stand-in's environment (dlib, OpenCV). The results are
committed: nothing else runs this.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from local.recognition.faces import finder
from simulators.people.variants import PICTURES

Pixels = npt.NDArray[np.uint8]
Share = npt.NDArray[np.float64]
Points = npt.NDArray[np.float64]

SIZE = (1400, 1800)  # width, height
EYES_AT = (700.0, 800.0)
EYE_DISTANCE = 250.0
WALL = (238, 236, 232)  # blue, green, red
EYE_MARKS, MOUTH_MARKS = tuple(range(36, 48)), tuple(range(48, 60))
# dlib's marks as they are seen in a mirror.
MIRRORED = (
    *range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37,
    36, 41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65,
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """Whose head (with its hair) is taken, and whose face is blended into it. Colours are L*, a*, b*."""

    head: str
    face: str
    result: str
    shape: float  # of the head's own shape
    skin: float  # of the head's own skin
    upper: str  # whose eyes and forehead are mixed with the head's own
    brow: float  # how high the forehead is taken, of half the way from eyes to chin
    ears: bool  # whether the head's ears are seen
    tone: tuple[float, float, float]
    hair: tuple[float, float]  # how light, how coloured, of what they were
    clothes: tuple[int, int, int]  # blue, green, red
    wide: float  # the face's breadth, of what it would be


RECIPES = (
    Recipe(
        "third-person-plain.jpg", "fourth-person.jpg", "hanako.jpg",
        0.3, 0.6, "first-person-plain.jpg", 0.55, False, (72, 12, 16), (0.4, 0.35), (96, 70, 58), 1.0,
    ),
    Recipe(
        "first-person-plain.jpg", "second-person.jpg", "kenichi.jpg",
        0.42, 0.4, "second-person.jpg", 0.6, True, (68, 12, 18), (0.7, 0.3), (74, 60, 52), 1.07,
    ),
)  # fmt: skip


def blend(head: Pixels, face: Pixels, upper: Pixels, recipe: Recipe) -> Pixels:
    """The person that the recipe makes of the pictures."""
    import cv2

    mine, other = finder().find(head)[0].points, finder().find(face)[0].points
    wanted = _even(recipe.shape * _set_up(mine) + (1 - recipe.shape) * _set_up(other))
    wanted[:, 0] = EYES_AT[0] + (wanted[:, 0] - EYES_AT[0]) * recipe.wide
    first = _warped(head, mine, wanted).astype(np.float64)
    second = _warped(face, other, wanted).astype(np.float64)
    third = _warped(upper, finder().find(upper)[0].points, wanted).astype(np.float64)
    outline = _filled(cv2.convexHull(_with_brow(wanted, recipe.brow).astype(np.int32))[:, 0])
    hull = _soft(outline, 30, 20)
    skin = _filled(wanted[[*range(2, 15), 26, 24, 19, 17]])
    first, second, third = (_toned(each, skin, recipe.tone) for each in (first, second, third))
    own = _towards(np.full(hull.shape, recipe.skin), 0.0, _soft(_around(wanted, MOUTH_MARKS, 1.2), 0, 20))
    mixed = _mixed(first, second, own)
    above = 1 / (1 + np.exp((np.arange(SIZE[1]) - wanted[30, 1]) / 12))[:, None] * np.ones(SIZE[0])
    mixed = _crisp(_mixed(_mixed(first, third, 0.35), mixed, above))
    bare = cv2.dilate(outline, np.ones((31, 31), np.uint8))
    sure = _soft(_filled(cv2.convexHull(_with_brow(wanted, 0.95).astype(np.int32))[:, 0]), 20, 14)
    for side in (1, 15) if recipe.ears else ():
        cv2.circle(bare, [int(at) for at in wanted[side]], 110, 1, -1)
    person = _mixed(mixed, _dyed(first, recipe.hair, _soft(bare, 0, 8)), hull)
    if recipe.ears:  # short hair: the whole forehead is seen
        person = _mixed(_mixed(mixed, first, hull), person, sure)
    # The head's own picture tells where hair ends; below the chin all is painted.
    return _placed(person, _head_share(head, mine, wanted), wanted, recipe)


def _set_up(points: Points) -> Points:
    """Turned, sized and moved so that the eyes are where the canvas wants them."""
    left, right = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    across = (right - left) / EYE_DISTANCE
    turn = np.array([[across[0], across[1]], [-across[1], across[0]]]) / float(across @ across)
    return np.asarray((points - (left + right) / 2) @ turn.T + np.array(EYES_AT))


def _even(points: Points) -> Points:
    mirrored = points[list(MIRRORED)].copy()
    mirrored[:, 0] = 2 * EYES_AT[0] - mirrored[:, 0]
    return np.asarray((points + mirrored) / 2)


def _with_brow(points: Points, height: float = 1.0) -> Points:
    """The marks, and the forehead that has none."""
    middle = points[36:48].mean(axis=0)
    up = (middle - points[8]) * 0.5 * height
    brow = [
        points[i] + up * share
        for i, share in ((17, 0.55), (19, 0.75), (21, 0.85), (22, 0.85), (24, 0.75), (26, 0.55))
    ]
    return np.vstack([points, brow])


def _with_surroundings(points: Points) -> Points:
    middle = points[36:48].mean(axis=0)
    chin, side = points[8] - middle, points[16] - points[0]
    round_about = [
        middle + down * chin + across * side
        for across in (-2.4, -1.1, 0, 1.1, 2.4)
        for down in (-2.2, -1.2, 2.2)
    ]
    return np.vstack([_with_brow(points), round_about, middle - 1.2 * side, middle + 1.2 * side])


def _warped(picture: Pixels, points: Points, wanted: Points) -> Pixels:
    """The picture with its marks moved where they are wanted, triangle by triangle."""
    import cv2

    source, target = _with_surroundings(points), _with_surroundings(wanted)
    low, high = target.min(axis=0) - 9, target.max(axis=0) + 9
    plan = cv2.Subdiv2D((int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])))
    for point in target:
        plan.insert((float(point[0]), float(point[1])))
    across = np.zeros((SIZE[1], SIZE[0]), np.float32)
    down = np.zeros_like(across)
    for corners in plan.getTriangleList().reshape(-1, 3, 2):
        nearest = [int(np.linalg.norm(target - corner, axis=1).argmin()) for corner in corners]
        if max(np.linalg.norm(target[nearest] - corners, axis=1)) > 1:
            continue
        how = cv2.getAffineTransform(target[nearest].astype(np.float32), source[nearest].astype(np.float32))
        rows, columns = np.nonzero(_filled(target[nearest]))
        places = how @ np.stack([columns, rows, np.ones_like(rows)])
        across[rows, columns], down[rows, columns] = places
    return np.asarray(
        cv2.remap(picture, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _filled(outline: Points | npt.NDArray[np.int32]) -> Pixels:
    import cv2

    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
    return mask


def _around(points: Points, marks: tuple[int, ...], reach: float) -> Pixels:
    """What lies about some marks: their outline, swollen; eyes with their brows."""
    import cv2

    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    groups = (marks[:6], marks[6:]) if marks == EYE_MARKS else (marks,)
    for group in groups:
        part = points[list(group)]
        middle = part.mean(axis=0)
        swollen = middle + (part - middle) * (reach, reach * (2.6 if marks == EYE_MARKS else 1.2))
        cv2.fillPoly(mask, [cv2.convexHull(np.rint(swollen).astype(np.int32))], 1)
    return mask


def _soft(mask: Pixels, inwards: int, edge: float) -> Share:
    import cv2

    if inwards:
        mask = np.asarray(cv2.erode(mask, np.ones((inwards, inwards), np.uint8)), np.uint8)
    return np.asarray(cv2.GaussianBlur(mask.astype(np.float64), (0, 0), edge))


def _towards(share: Share, value: float, where: Share) -> Share:
    return np.asarray(share * (1 - where) + value * where)


def _mixed(one: Share, other: Share, share: Share | float) -> Share:
    """So much of the one as the share says, and the rest of the other."""
    part = share[..., None] if isinstance(share, np.ndarray) else share
    return np.asarray(one * part + other * (1 - part))


def _lab(picture: Share) -> Share:
    import cv2

    return np.asarray(
        cv2.cvtColor(np.clip(picture / 255, 0, 1).astype(np.float32), cv2.COLOR_BGR2LAB), np.float64
    )


def _bgr(lab: Share) -> Share:
    import cv2

    return np.asarray(cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_LAB2BGR), np.float64) * 255


def _toned(picture: Share, skin: Pixels, tone: tuple[float, float, float]) -> Share:
    """The picture with its skin brought to a tone, and to one contrast."""
    lab = _lab(picture)
    within = lab[skin > 0]
    spread = within.std(axis=0)
    return _bgr((lab - np.median(within, axis=0)) * (11 / spread[0], 0.8, 0.8) + np.array(tone))


def _dyed(picture: Share, hair: tuple[float, float], bare: Share) -> Share:
    """Hair as dark as wanted; skin (reddish and light, where it may be bare) stays."""
    lab = _lab(picture)
    changed = lab * (hair[0], hair[1], hair[1])
    is_skin = np.clip((lab[..., 0] - 46) / 12, 0, 1) * np.clip((lab[..., 1] - 7) / 4, 0, 1) * bare
    return _bgr(lab * is_skin[..., None] + changed * (1 - is_skin[..., None]))


def _crisp(picture: Share) -> Share:
    import cv2

    return np.asarray(picture + 0.8 * (picture - cv2.GaussianBlur(picture, (0, 0), 5)))


def _head_share(head: Pixels, mine: Points, wanted: Points) -> Share:
    import cv2

    wall = np.median(head[:20].reshape(-1, 3), axis=0)
    apart = (np.abs(head.astype(np.float64) - wall).max(axis=2) > 16).astype(np.uint8) * 255
    mask = _warped(np.repeat(apart[..., None], 3, axis=2), mine, wanted)[..., 0] > 127
    whole = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((31, 31), np.uint8))
    jaw = wanted[:17].copy()
    jaw[:, 0] = EYES_AT[0] + (jaw[:, 0] - EYES_AT[0]) * (
        1 + 0.03 * np.clip(np.abs(np.arange(-8, 9)) - 4, 0, 4)
    )
    low = np.interp(np.arange(SIZE[0]), jaw[:, 0], jaw[:, 1], left=jaw[0, 1] + 120, right=jaw[16, 1] + 120)
    low = np.maximum(low, jaw[0, 1] + 120)
    whole[np.arange(SIZE[1])[:, None] > low[None, :]] = 0
    return _soft(whole, 7, 4)


def _placed(person: Share, share: Share, points: Points, recipe: Recipe) -> Pixels:
    """The head on a painted neck and body before the wall."""
    import cv2

    scene = np.full((SIZE[1], SIZE[0], 3), WALL, np.float64)
    middle, chin = EYES_AT[0], points[8, 1]
    body = [(0.0, 0.95), (0.2, 0.8), (0.4, 0.42), (0.75, 0.6), (1.15, 0.75), (1.42, 1.05), (1.56, 2.6)]
    unit = chin - EYES_AT[1]
    right = [(middle + x * unit, chin + y * unit) for x, y in body]
    garment = np.array([*right, *[(2 * middle - x, y) for x, y in reversed(right)]])
    throat = np.array([(-0.5, -0.7), (0.5, -0.7), (0.46, 0.2), (0.56, 1.0), (-0.56, 1.0), (-0.46, 0.2)])
    neck = throat * unit + (middle, chin)
    shade = np.linspace(0.93, 0.74, SIZE[1])[:, None] * np.ones(SIZE[0])[None, :]
    skin = _bgr(np.full((1, 1, 3), np.array(recipe.tone)))[0, 0]
    lit = 1 - 0.28 * np.abs((np.arange(SIZE[0]) - middle) / unit / 0.5) ** 2
    under = 1 - 0.3 * np.exp(-(((np.arange(SIZE[1]) - chin) / (0.2 * unit)) ** 2))
    painted = skin * np.clip(lit, 0.4, 1)[None, :, None] * under[:, None, None]
    for part, colour in ((neck, painted), (garment, np.array(recipe.clothes) * shade[..., None] * 1.1)):
        rounded = (_soft(_filled(part), 0, 22) > 0.5).astype(np.uint8)
        scene = _mixed(np.asarray(colour), scene, _soft(rounded, 0, 4))
    scene = _mixed(person, scene, share)
    grain = np.random.default_rng(7).normal(0, 1.6, scene.shape)
    scene = cv2.GaussianBlur(scene, (0, 0), 0.8) + grain
    return np.asarray(np.clip(scene, 4, 250), np.uint8)


def main() -> None:
    """The command line."""
    import cv2

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    given = parser.parse_args()
    for recipe in RECIPES:
        head, face, upper = (
            np.asarray(cv2.imread(str(PICTURES / name)), np.uint8)
            for name in (recipe.head, recipe.face, recipe.upper)
        )
        target = str(given.results / recipe.result)
        cv2.imwrite(target, blend(head, face, upper, recipe), [cv2.IMWRITE_JPEG_QUALITY, 90])


if __name__ == "__main__":
    main()
