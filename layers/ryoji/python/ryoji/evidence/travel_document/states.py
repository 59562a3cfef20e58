"""Codes of issuing states and nationalities (ICAO Doc 9303 part 3, section 5): a list kept as data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def known_states() -> frozenset[str]:
    """Every code that may stand in a zone, without fillers; `D` is Germany's."""
    text = files(__package__).joinpath("states.json").read_text("utf-8")
    listed = json.loads(text)
    return frozenset([*listed["iso"], *listed["beyond_iso"], *listed["deprecated"]])


def is_known(code: str) -> bool:
    """Whether the three printed characters (`JPN`, `D<<`) are a code of the list."""
    return code.rstrip("<") in known_states()
