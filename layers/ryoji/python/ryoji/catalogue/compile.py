"""`python -m ryoji.catalogue.compile OUT [FOLDER]`: check the catalogue and write it as one JSON file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ryoji.catalogue.loading import load
from ryoji.catalogue.sources import CatalogueError


def compile_catalogue(folder: Path, out: Path) -> None:
    """Write the folder's catalogue to `out`. The same files give the same bytes. Raises CatalogueError."""
    raw = load(folder).raw
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(
        json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")), encoding="utf-8"
    )


def main(arguments: list[str]) -> int:
    """Compile; faults go to standard error, one a line."""
    out, folder = Path(arguments[0]), Path(arguments[1] if len(arguments) > 1 else "procedures")
    try:
        compile_catalogue(folder, out)
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
