"""What Lambda is given: each function's package, the domain layer and the layer of packages."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from benchmarks.figures import Figure, at_most, counted
from infra.build import ROOT, domain_layer, function_folders
from local.places import DEPENDENCIES

# Lambda refuses a function whose code and layers unpack to more.
BUDGET = 250.0
LAYER = ROOT / "layers" / "dependencies" / "python"
NOT_SHIPPED = {"__pycache__", "bin", "tests", "test"}


def measure() -> list[Figure]:
    """Kilobytes of each function's zip; megabytes of the layers unpacked; the largest function with its layers."""
    functions = {folder.name: _files(folder) for folder in function_folders()}
    figures = [
        counted(f"size.{name}", len(_zipped(files)) / 1000, "kB zipped") for name, files in functions.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        files = _files(domain_layer(Path(folder)))
        domain = _unpacked(files)
        figures.append(counted("size.domain_layer.zipped", len(_zipped(files)) / 1_000_000, "MB"))
    figures.append(counted("size.domain_layer", domain, "MB unzipped"))
    name, packages = _packages()
    figures.append(counted(name, packages, "MB unzipped"))
    largest = max(_unpacked(files) for files in functions.values())
    figures.append(at_most("size.together", largest + domain + packages, "MB unzipped", BUDGET))
    return figures


def _packages() -> tuple[str, float]:
    """The built layer for arm64, or in its place this machine's packages without what the layer drops."""
    if LAYER.is_dir():
        return "size.packages_layer", _unpacked(_files(LAYER))
    return "size.packages_of_this_machine_not_the_layer", _unpacked(_files(DEPENDENCIES))


def _files(folder: Path) -> dict[str, Path]:
    return {
        str(path.relative_to(folder)): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not NOT_SHIPPED & set(path.relative_to(folder).parts) and path.suffix != ".pyi"
    }


def _unpacked(files: dict[str, Path]) -> float:
    return sum(path.stat().st_size for path in files.values()) / 1_000_000


def _zipped(files: dict[str, Path]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            archive.write(path, name)
    return out.getvalue()
