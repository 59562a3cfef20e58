"""How well and how fast machine-readable zones are read, beside PassportEye and FastMRZ, on specimens of our own.

`python -m benchmarks.mrz --count 95`. Ryoji reads through the stand-in's recogniser, as it does on a laptop; on AWS
Textract recognises. Times are compared within one run only. A picture is legible if a person can read every
character; the others are reported apart, because the right answer to them is "not valid".

FastMRZ wants a Tesseract model `mrz.traineddata` that its package does not carry. `--tessdata` names a folder that
has it; without one, Tesseract's own English model stands in for it, and the figures say so.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, TypedDict

from PIL import Image

from ryoji.evidence.travel_document.reader import Reading, best_of, read_response
from ryoji.evidence.travel_document.views import View, next_view
from simulators.specimens.specimen import Specimen, take_many

ROOT = Path(__file__).resolve().parent.parent
RECOGNITION = ROOT / ".local" / "venv-recognition" / "bin" / "python"
OTHERS = ROOT / ".local" / "venv-benchmark" / "bin" / "python"
TODAY = date(2026, 11, 23)
MOST_LOOKS = 3


class Figure(TypedDict):
    """One measured number. `budget` is what the project promises (None: no promise); `met` whether it is kept."""

    name: str
    value: float
    unit: str
    budget: float | None
    met: bool | None


@dataclass(frozen=True)
class Result:
    """What one reader made of one specimen."""

    specimen: Specimen
    lines: tuple[str, ...]
    valid: bool
    seconds: float
    corrections: int = 0
    looks: int = 1

    @property
    def exact(self) -> bool:
        return self.lines == self.specimen.holding.lines

    @property
    def silently_wrong(self) -> bool:
        """Called valid, not what is printed, and no correction admits it."""
        return self.valid and not self.exact and not self.corrections


def measure(count: int, seed: int = 1, tessdata: str | None = None) -> list[Figure]:
    """Figures over `count` specimens; readers that are not installed are left out."""
    with tempfile.TemporaryDirectory() as folder:
        specimens = [_stored(specimen, Path(folder)) for specimen in take_many(count, seed, TODAY)]
        by_reader = _read_in_turn(specimens, Path(folder), tessdata)
    ours = by_reader.pop("ryoji")
    figures = _figures("ryoji", ours)
    for name, results in by_reader.items():
        figures += _figures(name, results, promised=False)
        figures.append(_times_faster(name, ours, results))
    return figures


def _read_in_turn(
    specimens: Sequence[tuple[Specimen, Path]], folder: Path, tessdata: str | None
) -> dict[str, list[Result]]:
    """Every reader reads a specimen before any reads the next one.

    Readers measured one after the other are measured under different loads: on a shared machine that turned the
    ratio of the same two readers from 2.8 to 0.6.
    """
    with ExitStack() as running:
        recogniser = running.enter_context(
            _process([str(RECOGNITION), str(ROOT / "benchmarks" / "recognise.py")])
        )
        others = {
            name: running.enter_context(_process(command))
            for name, command in _other_commands(folder, tessdata).items()
        }
        for process in (recogniser, *others.values()):
            _ask(process, specimens[0][1])  # models are loaded when first used
        results: dict[str, list[Result]] = {"ryoji": [], **{name: [] for name in others}}
        for specimen, path in specimens:
            results["ryoji"].append(_read(recogniser, specimen, path, folder))
            for name, process in others.items():
                results[name].append(_other(process, specimen, path))
    return results


def _stored(specimen: Specimen, folder: Path) -> tuple[Specimen, Path]:
    path = folder / f"{specimen.seed}-{specimen.holding.format}-{specimen.shot}.jpg"
    path.write_bytes(specimen.picture)
    return specimen, path


def _read(recogniser: subprocess.Popen[str], specimen: Specimen, path: Path, folder: Path) -> Result:
    """Read as the adapter does: a picture that gives no valid zone is looked at again where the reader points."""
    answer = _ask(recogniser, path)
    seconds = float(answer["seconds"])
    start = time.perf_counter()
    readings = [read_response(answer["response"], TODAY)]
    seen: list[View] = []
    while not best_of(readings).valid and len(readings) < MOST_LOOKS:
        view = next_view(answer["response"], seen, aspect=_aspect(specimen))
        if view is None:
            break
        seen.append(view)
        again = folder / "view.jpg"
        again.write_bytes(_seen_through(specimen.picture, view))
        closer = _ask(recogniser, again)
        readings.append(read_response(closer["response"], TODAY))
    seconds += time.perf_counter() - start
    best: Reading = best_of(readings)
    return Result(specimen, best.lines, best.valid, seconds, len(best.corrections), len(readings))


def _aspect(specimen: Specimen) -> float:
    with Image.open(io.BytesIO(specimen.picture)) as image:
        return image.width / image.height


def _seen_through(picture: bytes, view: View) -> bytes:
    """The part of a picture that a view asks for, turned and enlarged."""
    with Image.open(io.BytesIO(picture)) as image:
        width, height = image.size
        box = (
            view.left * width,
            view.top * height,
            (view.left + view.width) * width,
            (view.top + view.height) * height,
        )
        part = image.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))
    part = part.rotate(
        -view.rotation, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=(128, 128, 128)
    )
    growth = view.longer_side / max(part.size)
    if growth > 1:
        part = part.resize(
            (round(part.width * growth), round(part.height * growth)), Image.Resampling.LANCZOS
        )
    target = io.BytesIO()
    part.save(target, "JPEG", quality=95)
    return target.getvalue()


def _other_commands(folder: Path, tessdata: str | None) -> dict[str, list[str]]:
    """How the other readers are started; none when they are not installed."""
    if not OTHERS.exists():
        return {}
    script = str(ROOT / "benchmarks" / "other_readers.py")
    commands = {"passporteye": [str(OTHERS), script, "passporteye", ""]}
    model = tessdata or _stand_in_model(folder)
    if model:
        name = "fastmrz" if tessdata else "fastmrz_english_model"
        commands[name] = [str(OTHERS), script, "fastmrz", model]
    return commands


def _stand_in_model(folder: Path) -> str | None:
    """A folder in which Tesseract's English model goes by the name that FastMRZ asks for."""
    listing = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, check=False
    ).stdout
    installed = Path(listing.partition('"')[2].partition('"')[0]) / "eng.traineddata"
    if not installed.is_file():
        return None
    named = folder / "tessdata"
    named.mkdir()
    shutil.copy(installed, named / "mrz.traineddata")
    return str(named)


def _other(process: subprocess.Popen[str], specimen: Specimen, path: Path) -> Result:
    answer = _ask(process, path)
    return Result(specimen, tuple(answer["lines"]), bool(answer["valid"]), float(answer["seconds"]))


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        _open(process.stdin).close()


def _ask(process: subprocess.Popen[str], path: Path) -> dict[str, Any]:
    asking, answering = _open(process.stdin), _open(process.stdout)
    asking.write(f"{path}\n")
    asking.flush()
    answer: dict[str, Any] = json.loads(answering.readline())
    return answer


def _open(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def _figures(name: str, results: list[Result], *, promised: bool = True) -> list[Figure]:
    legible = [result for result in results if result.specimen.legible]
    hard = [result for result in results if not result.specimen.legible]
    return [
        _figure(f"{name}.legible.valid", _rate(legible, "valid"), "share", 1.0 if promised else None),
        _figure(f"{name}.legible.exact", _rate(legible, "exact"), "share", 1.0 if promised else None),
        _figure(f"{name}.hard.valid", _rate(hard, "valid"), "share"),
        _figure(f"{name}.hard.exact", _rate(hard, "exact"), "share"),
        # Names have no check digit: a blurred letter can be wrong in a zone whose digits are all right.
        _figure(
            f"{name}.valid_but_wrong",
            sum(result.valid and not result.exact for result in results),
            "documents",
        ),
        _figure(f"{name}.silently_wrong", sum(result.silently_wrong for result in results), "documents"),
        _figure(f"{name}.seconds.median", statistics.median(result.seconds for result in results), "s"),
    ]


def _rate(results: list[Result], what: str) -> float:
    return sum(result.valid if what == "valid" else result.exact for result in results) / max(1, len(results))


def _times_faster(name: str, ours: list[Result], theirs: list[Result]) -> Figure:
    ratio = sum(result.seconds for result in theirs) / sum(result.seconds for result in ours)
    return _figure(f"{name}.seconds_over_ryoji", ratio, "times", 1.0)


def _figure(name: str, value: float, unit: str, budget: float | None = None) -> Figure:
    met = None if budget is None else value >= budget
    return {"name": name, "value": round(value, 4), "unit": unit, "budget": budget, "met": met}


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mrz", description=__doc__)
    parser.add_argument("--count", type=int, default=95)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tessdata", default=None, help="folder with FastMRZ's mrz.traineddata")
    asked = parser.parse_args(arguments)
    figures = measure(asked.count, asked.seed, asked.tessdata)
    for figure in figures:
        promise = (
            ""
            if figure["budget"] is None
            else f"  (at least {figure['budget']}: {'met' if figure['met'] else 'NOT MET'})"
        )
        sys.stdout.write(f"{figure['name']:42} {figure['value']:>9} {figure['unit']}{promise}\n")
    return 0 if all(figure["met"] is not False for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
