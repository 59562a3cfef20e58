"""`python -m simulators.watch_list OUT`: write a list of made-up people as JSON Lines."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from simulators.watch_list.people import entries


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(prog="python -m simulators.watch_list", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    lines = (json.dumps(entry, ensure_ascii=False) for entry in entries(asked.count, asked.seed))
    asked.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
