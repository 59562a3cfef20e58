"""What the functions' layer is made of: the domain and the compiled catalogue, put together without network."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".local" / "build"


def domain_layer(below: Path = BUILD) -> Path:
    """Build the layer's folder and return it; the same content gives the same asset hash."""
    folder = below / "ryoji"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(
        ROOT / "layers" / "ryoji" / "python",
        folder / "python",
        ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
    )
    sys.path.insert(0, str(ROOT / "layers" / "ryoji" / "python"))
    from ryoji.catalogue.compile import compile_catalogue

    compile_catalogue(ROOT / "procedures", folder / "python" / "ryoji-catalogue.json")
    (folder / "python" / "ryoji-rules.json").write_text(
        json.dumps(_rules(), ensure_ascii=False, sort_keys=True)
    )
    (folder / "python" / "ryoji-entry.json").write_text(
        json.dumps(
            _entry(folder / "python" / "ryoji-catalogue.json"),
            ensure_ascii=False,
            sort_keys=True,
            default=str,
        )
    )
    return folder


def _entry(catalogue: Path) -> dict[str, object]:
    """Who needs a permission to board, by country of arrival: read by the inquiry without the catalogue."""
    import yaml

    from ryoji.catalogue.entry import programmes_of

    programmes = programmes_of(json.loads(catalogue.read_bytes())["procedures"])
    files = sorted((ROOT / "procedures" / "entry").glob("*.yaml"))
    return {
        path.stem: {"freed": yaml.safe_load(path.read_text(encoding="utf-8")), "programmes": programmes}
        for path in files
    }


def _rules() -> dict[str, object]:
    """The limits of the portrait's and the faces' checks, by check."""
    import yaml

    files = sorted((ROOT / "procedures" / "rules").glob("*.yaml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


def function_folders() -> list[Path]:
    """The folders of all functions, by name."""
    return sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
