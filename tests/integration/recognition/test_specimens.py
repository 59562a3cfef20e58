"""A specimen of every way to take a legible picture, from rendering through recognition to the lines."""

from __future__ import annotations

from datetime import date

import pytest

from ryoji.adapters.zone_reading import read_zone
from simulators.specimens.holders import FORMATS
from simulators.specimens.specimen import BEYOND, SHOTS, take

pytestmark = pytest.mark.recognition

TODAY = date(2026, 11, 23)
# In these a lamp washes out a part of the zone, or the picture ends above it.
BURNT_OR_CUT = {"burnt", "cut_off"}
LEGIBLE = [shot for shot in SHOTS if shot not in BEYOND | BURNT_OR_CUT]


@pytest.mark.parametrize("shot", LEGIBLE)
def test_what_a_person_can_read_is_read_exactly(aws: None, shot: str) -> None:
    number = LEGIBLE.index(shot)
    specimen = take(number, TODAY, shot=shot, format=FORMATS[number % len(FORMATS)])
    assert specimen.legible
    reading = read_zone(specimen.picture, TODAY)
    assert (reading.lines, reading.valid) == (specimen.holding.lines, True)
