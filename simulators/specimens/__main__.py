"""`python -m simulators.specimens --out DIR --count N --seed S`: pictures with a JSON of the truth beside each."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from simulators.specimens.specimen import take_many
from simulators.specimens.typefaces import NoTypeface


def main(arguments: list[str] | None = None) -> int:
    """Write the specimens; 1 when the typeface is missing, said in plain words."""
    parser = argparse.ArgumentParser(prog="python -m simulators.specimens", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", default=None, help="ISO date that ages and expiries are drawn around")
    parser.add_argument("--font", default=None, help="file of an OCR-B font, instead of the installed one")
    asked = parser.parse_args(arguments)
    today = datetime.fromisoformat(asked.today).date() if asked.today else datetime.now(UTC).date()
    asked.out.mkdir(parents=True, exist_ok=True)
    try:
        for specimen in take_many(asked.count, asked.seed, today, asked.font):
            stem = f"{specimen.seed}-{specimen.holding.format}-{specimen.shot}"
            (asked.out / f"{stem}.jpg").write_bytes(specimen.picture)
            (asked.out / f"{stem}.json").write_text(
                json.dumps(specimen.truth(), indent=1, ensure_ascii=False) + "\n"
            )
    except NoTypeface as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
