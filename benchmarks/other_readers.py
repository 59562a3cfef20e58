"""PassportEye or FastMRZ as a process: paths of pictures come in, one a line; seconds and what was read go out as JSON.

Runs with the Python of `.local/venv-benchmark`; the two are measured, never imported by Ryoji (FastMRZ is AGPL).
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

Read = Callable[[str], tuple[list[str], bool]]


def passporteye() -> Read:
    """PassportEye as its README calls it."""
    from passporteye import read_mrz

    def read(path: str) -> tuple[list[str], bool]:
        found = read_mrz(path)
        if found is None:
            return [], False
        said: dict[str, Any] = found.to_dict()
        return str(said.get("raw_text", "")).splitlines(), said.get("valid_score") == 100

    return read


def fastmrz(tessdata: str) -> Read:
    """FastMRZ as its README calls it; `tessdata` is the folder with its `mrz.traineddata`."""
    from fastmrz import FastMRZ

    reader = FastMRZ(tessdata_path=tessdata)

    def read(path: str) -> tuple[list[str], bool]:
        text = reader.get_details(path, ignore_parse=True)
        status = reader.get_details(text, input_type="text").get("status") if text else None
        return text.splitlines(), status == "SUCCESS"

    return read


def main(name: str, tessdata: str) -> None:
    """Answer until there is nothing more to read; a reader that fails on a picture has read nothing."""
    warnings.simplefilter("ignore")
    read = passporteye() if name == "passporteye" else fastmrz(tessdata)
    for line in sys.stdin:
        start = time.perf_counter()
        try:
            lines, valid = read(line.strip())
        except Exception as error:
            lines, valid = [f"{type(error).__name__}: {error}"], False
        answer = {"seconds": time.perf_counter() - start, "lines": lines, "valid": valid}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
