"""The message files and the catalogue, read once in each worker."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from ryoji.catalogue.loading import Catalogue, read_compiled
from ryoji.catalogue.messages import Messages

LANGUAGES = ("ja", "en", "zh-Hans", "id", "ar")
DEFAULT = "ja"
# By the language alone: who reads Chinese in another script or country is served better so than in Japanese.
_SPOKEN = {language.split("-")[0]: language for language in LANGUAGES}


def beside() -> Path:
    """The folder of what was compiled at build time: the layer's, or the one that a test names."""
    return Path(os.environ.get("RYOJI_COMPILED", str(Path(__file__).resolve().parents[2])))


@cache
def catalogue() -> Catalogue:
    """The catalogue in force, as compiled into the layer at build time."""
    return read_compiled(beside() / "ryoji-catalogue.json")


def texts() -> Messages:
    """Every text that a person reads."""
    return catalogue().messages


def language_of(accepted: str | None) -> str:
    """The best of our languages for an Accept-Language header, by its weights; Japanese when none fits."""
    wanted: list[tuple[float, str]] = []
    for part in (accepted or "").split(","):
        tag, _, weight = part.replace(" ", "").lower().partition(";q=")
        wanted.append((_weight(weight), tag.split("-")[0]))
    for value, tag in sorted(wanted, key=lambda pair: -pair[0]):
        if value > 0 and tag in _SPOKEN:
            return _SPOKEN[tag]
    return DEFAULT


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
