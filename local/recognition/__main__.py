"""`python -m local.recognition --port 0 --ready-file F`: load the models, say where to go, and serve."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from local.recognition import faces, reader
from local.recognition.server import listen


def main() -> None:
    """Serve until interrupted. The port is printed, and written to the ready file once the models are warm."""
    parser = argparse.ArgumentParser(prog="local.recognition", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--ready-file", type=Path, help="the port is written here when the first call may come"
    )
    parser.add_argument(
        "--remember",
        type=int,
        default=0,
        metavar="N",
        help="so many answers are kept, for the same picture again",
    )
    arguments = parser.parse_args()
    warm_up()
    server = listen(arguments.port, arguments.remember)
    port = server.server_address[1]
    if arguments.ready_file:
        arguments.ready_file.write_text(f"{port}\n")
    print(f"http://127.0.0.1:{port}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server:
        server.serve_forever()


def warm_up() -> None:
    """Load every model and use it on a page's worth of text, so that the first caller waits no longer than the next."""
    import cv2
    import numpy as np

    page = np.full((960, 1280, 3), 230, np.uint8)
    for row, length in enumerate((44, 44, 20, 12, 8, 5)):
        cv2.putText(page, "RYOJI<" * 8, (20, 80 + 120 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 2)
        page[40 + 120 * row : 140 + 120 * row, 40 + 28 * length :] = 230
    reader.reader().read(page)
    faces.finder().find(page)


if __name__ == "__main__":
    main()
