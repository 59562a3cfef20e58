"""How long an applicant waits for a picture: from the first POST to the finding, on the local cloud.

A picture of 3 MB as a phone takes it goes the portal's way: a place is asked for, the file is posted to the quarantine,
taken into the clean store, and checked. The first of each document is a figure of its own, with the same budget: the
sandbox's first visitor waits no longer than that. The median of the three that follow is the other. After that one
travel authorization is sent, the first of the sandbox, and the time until it is granted is measured.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from PIL import Image

from benchmarks.figures import Figure, at_most, counted
from local.api import Caller
from local.journey import until
from local.travellers import INDONESIAN, filled, passport_page, sections, send
from tests.integration.renewal.walking import draft
from tests.sandbox import PEOPLE, Sandbox, pictures, sandbox

BUDGET = 3.0
ANSWER = 60.0
TIMES = 3
BYTES = 3_000_000
PHONE = 4032  # pixels of the longer side

CHECKS = {"portrait": "portrait", "passport_page": "travel_document"}


def measure() -> list[Figure]:
    """Start a sandbox and send a portrait and a passport page to it."""
    with sandbox("bench-uploads") as ryoji:
        figures = [figure for document in CHECKS for figure in _document(ryoji, document)]
        return [*figures, _authorization(ryoji)]


def _authorization(ryoji: Sandbox) -> Figure:
    applicant = ryoji.applicant("dewi@example.id")
    portrait = (PEOPLE / "hanako.jpg").read_bytes()
    answers = sections(INDONESIAN, datetime.now(UTC).date())
    page = passport_page(INDONESIAN, portrait)
    case_id = filled(applicant, "authorization-indonesia", answers, page, portrait)
    start = time.perf_counter()
    send(applicant, case_id)
    until(
        lambda: applicant.ok("GET", f"/cases/{case_id}"), lambda case: case["status"] == "issued", 2 * ANSWER
    )
    return at_most("authorization.granted", time.perf_counter() - start, "s", ANSWER)


def _document(ryoji: Sandbox, document: str) -> list[Figure]:
    applicant = ryoji.applicant()
    case_id = draft(applicant)
    given = pictures()
    picture = as_phone(given.portrait if document == "portrait" else given.page)
    first, *seconds = [_seconds(applicant, case_id, document, picture) for _ in range(TIMES + 1)]
    return [
        at_most(f"upload.{document}.finding", statistics.median(seconds), "s", BUDGET),
        at_most(f"upload.{document}.finding.first", first, "s", BUDGET),
        counted(f"upload.{document}.size", len(picture) / 1e6, "MB"),
    ]


def _seconds(applicant: Caller, case_id: str, document: str, picture: bytes) -> float:
    start = time.perf_counter()
    applicant.upload(case_id, document, picture)
    answer = applicant.ok("POST", f"/cases/{case_id}/documents/{document}/checks/{CHECKS[document]}")
    taken = time.perf_counter() - start
    codes = {reason["code"] for reason in answer["finding"]["reasons"]}
    if codes & {"no_face", "no_mrz"}:
        raise RuntimeError(f"{document} was not read: {sorted(codes)}")
    return taken


def as_phone(picture: bytes) -> bytes:
    """The picture with a phone's pixels and grain, as a JPEG of about 3 MB."""
    with Image.open(io.BytesIO(picture)) as opened:
        scale = PHONE / max(opened.size)
        size = (round(opened.width * scale), round(opened.height * scale))
        large = opened.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(7).normal(0, 3, (large.height, large.width, 1))
    noisy = Image.fromarray(np.clip(np.asarray(large, np.float32) + grain, 0, 255).astype(np.uint8))
    return _of_size(lambda quality: _jpeg(noisy, quality))


def _of_size(make: Callable[[int], bytes]) -> bytes:
    """The smallest that is not under the wanted size, or the largest that there is."""
    made = b""
    for quality in range(70, 100, 3):
        made = make(quality)
        if len(made) >= BYTES:
            break
    return made


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
