"""A picture of a document read for its machine-readable zone, with a second look where the first says where to look."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date

from ryoji.adapters import recognition
from ryoji.errors import Retryable
from ryoji.evidence.travel_document.reader import Reading, best_of, read_response
from ryoji.evidence.travel_document.views import View, next_view

# The whole picture, and two nearer looks: more would not be answered while somebody waits.
LOOKS = 3
# A nearer look that is not answered must still end before the function does.
LATEST_LOOK = 14


def read_zone(jpeg: bytes, today: date, clock: Callable[[], float] = time.monotonic) -> Reading:
    """The best reading of a picture: valid before invalid, sure before ambiguous, the surest before others.

    Raises Invalid, TooLarge and Unavailable, and Retryable also where time does not allow for the looks that it takes.
    """
    from PIL import Image

    began = clock()
    with Image.open(io.BytesIO(jpeg)) as opened:
        aspect = opened.width / opened.height
    response = recognition.read_text(jpeg)
    readings = [read_response(response, today)]
    seen: list[View] = []
    while not readings[-1].valid and len(seen) < LOOKS - 1:
        view = next_view(response, seen, aspect=aspect)
        if view is None:
            break
        if clock() - began > LATEST_LOOK:
            # To call it illegible now would be to blame the picture.
            raise Retryable("recognition_busy")
        seen.append(view)
        readings.append(read_response(recognition.read_text(cut(jpeg, view), once=True), today))
    return best_of(readings)


def cut(jpeg: bytes, view: View) -> bytes:
    """The part of a picture that a view names, turned upright and enlarged where it is small."""
    from PIL import Image

    with Image.open(io.BytesIO(jpeg)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    left, top = view.left * width, view.top * height
    box = (round(left), round(top), round(left + view.width * width), round(top + view.height * height))
    part = picture.crop(box)
    if view.rotation:
        part = part.rotate(
            -view.rotation, expand=True, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC
        )
    longer = max(part.size)
    if longer < view.longer_side:
        scale = view.longer_side / longer
        part = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    part.save(out, "JPEG", quality=92)
    return out.getvalue()
