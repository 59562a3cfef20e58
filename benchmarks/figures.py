"""What a benchmark gives: figures, each with what the project promises of it."""

from __future__ import annotations

from typing import TypedDict


class Figure(TypedDict):
    """One measured number. `budget` is what the project promises (None: no promise); `met` whether it is kept."""

    name: str
    value: float
    unit: str
    budget: float | None
    met: bool | None


def at_most(name: str, value: float, unit: str, budget: float) -> Figure:
    """A number that must not be larger than its budget."""
    return {"name": name, "value": _rounded(value), "unit": unit, "budget": budget, "met": value <= budget}


def counted(name: str, value: float, unit: str) -> Figure:
    """A number without a promise."""
    return {"name": name, "value": _rounded(value), "unit": unit, "budget": None, "met": None}


def _rounded(value: float) -> float:
    return round(value, 3) if abs(value) >= 0.1 else float(f"{value:.4g}")
