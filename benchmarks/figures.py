"""What a benchmark gives: figures, each with what the project promises of it."""

from __future__ import annotations

from typing import Literal, TypedDict


class Figure(TypedDict):
    """One measured number.

    `budget` is what the project promises (None: no promise), `at` whether that is the most or the least that it may
    be, `met` whether the promise is kept.
    """

    name: str
    value: float
    unit: str
    budget: float | None
    at: Literal["most", "least"] | None
    met: bool | None


def at_most(name: str, value: float, unit: str, budget: float) -> Figure:
    """A number that must not be larger than its budget."""
    return {**counted(name, value, unit), "budget": budget, "at": "most", "met": value <= budget}


def at_least(name: str, value: float, unit: str, budget: float) -> Figure:
    """A number that must not be smaller than its budget."""
    return {**counted(name, value, unit), "budget": budget, "at": "least", "met": value >= budget}


def counted(name: str, value: float, unit: str) -> Figure:
    """A number without a promise."""
    return {"name": name, "value": _rounded(value), "unit": unit, "budget": None, "at": None, "met": None}


def _rounded(value: float) -> float:
    return round(value, 3) if abs(value) >= 0.1 else float(f"{value:.4g}")
