"""`python -m simulators.people --out .local/people`: writes the pictures to test and demonstrate with."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from simulators.people.variants import PICTURES, VARIANTS


def main() -> None:
    """Write the committed pictures and every variant into the folder."""
    parser = argparse.ArgumentParser(prog="simulators.people", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for picture in sorted(PICTURES.glob("*.jpg")):
        shutil.copyfile(picture, out / picture.name)
    for name, make in VARIANTS.items():
        (out / name).write_bytes(make())
    sys.stdout.write(f"{len(list(out.iterdir()))} pictures in {out}\n")


if __name__ == "__main__":
    main()
