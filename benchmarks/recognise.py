"""The stand-in's Textract as a process: paths of pictures come in, one a line; seconds and responses go out as JSON.

Runs with the stand-in's own Python (`.local/venv-recognition`), whose packages the benchmarks do not have.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Answer until there is nothing more to read."""
    from local.recognition.textract import detect_document_text

    for path in sys.stdin:
        picture = Path(path.strip()).read_bytes()
        start = time.perf_counter()
        response = detect_document_text(picture)
        sys.stdout.write(json.dumps({"seconds": time.perf_counter() - start, "response": response}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
