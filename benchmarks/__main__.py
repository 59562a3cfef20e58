"""`make bench`: measure, print the figures and write them to `benchmarks/latest.json`.

The file holds one flat list, `figures` (name, part, value, unit, budget, at: most or least, met), and under `parts`
when, with which Python and on how many processors each part was measured.

`python -m benchmarks --only imports` measures one part and leaves the others in the file as they were last measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure

LATEST = Path(__file__).parent / "latest.json"


def _imports() -> list[Figure]:
    from benchmarks.imports import measure

    return measure()


def _sizes() -> list[Figure]:
    from benchmarks.sizes import measure

    return measure()


def _pages() -> list[Figure]:
    from benchmarks.pages import measure

    return measure()


def _mrz() -> list[Figure]:
    from benchmarks.mrz import OTHERS, measure
    from local.prepare import make_environment, packages_of_the_system

    packages_of_the_system({"tesseract": "tesseract-ocr"})
    if not OTHERS.exists():
        try:
            make_environment("the other readers of machine-readable zones", OTHERS.parents[1], ["benchmark"])
        except SystemExit:  # it has said why; Ryoji's own figures do not need them
            sys.stderr.write("The other readers are left out.\n")
    return measure()


def _cost() -> list[Figure]:
    from benchmarks.cost import measure

    return measure()


def _uploads() -> list[Figure]:
    from benchmarks.uploads import measure

    return measure()


def _screening() -> list[Figure]:
    from benchmarks.screening import measure

    return measure()


def _carriers() -> list[Figure]:
    from benchmarks.carriers import measure

    return measure()


BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "pages": _pages,
    "sizes": _sizes,
    "imports": _imports,
    "mrz": _mrz,
    "cost": _cost,
    "carriers": _carriers,
    "screening": _screening,
    "uploads": _uploads,
}


def main() -> int:
    """1 when a budget is not met or something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=tuple(BENCHMARKS), help="measure this part alone")
    only = parser.parse_args().only
    fine = True
    for name in [only] if only else list(BENCHMARKS):
        try:
            figures = BENCHMARKS[name]()
        except Exception:  # the other parts are measured all the same
            traceback.print_exc()
            sys.stderr.write(f"{name} could not be measured; {LATEST.name} keeps what it had.\n")
            fine = False
            continue
        for figure in figures:
            print(_line(figure), flush=True)
        _keep(name, figures)
        fine = fine and all(figure["met"] is not False for figure in figures)
    return 0 if fine else 1


def _line(figure: Figure) -> str:
    promise = ""
    if figure["budget"] is not None:
        promise = f"  (at {figure['at']} {figure['budget']:g}: {'met' if figure['met'] else 'NOT MET'})"
    return f"{figure['name']:50} {figure['value']:>12g} {figure['unit']}{promise}"


def _keep(part: str, figures: list[Figure]) -> None:
    """Replace one part of the file, with when and where it was measured."""
    known: dict[str, Any] = {"parts": {}, "figures": []}
    if LATEST.exists():
        known = json.loads(LATEST.read_text(encoding="utf-8"))
    known["parts"][part] = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    others = [each for each in known["figures"] if each["part"] != part]
    LATEST.write_text(written(known["parts"], [*others, *({"part": part, **each} for each in figures)]))


def written(parts: dict[str, Any], figures: list[dict[str, Any]]) -> str:
    """The file's text: parts in the order in which they are measured, a figure a line, to be compared by eye."""
    order = list(BENCHMARKS)
    kept = {part: parts[part] for part in order if part in parts}
    rows = sorted(
        (each for each in figures if each["part"] in kept), key=lambda each: order.index(each["part"])
    )
    keys = ("name", "part", "value", "unit", "budget", "at", "met")
    figures_lines = [json.dumps({key: each[key] for key in keys}) for each in rows]
    parts_lines = [f"{json.dumps(part)}: {json.dumps(about)}" for part, about in kept.items()]
    return (
        f'{{\n "parts": {{\n  {_lines(parts_lines)}\n }},\n "figures": [\n  {_lines(figures_lines)}\n ]\n}}\n'
    )


def _lines(rows: list[str]) -> str:
    return ",\n  ".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
