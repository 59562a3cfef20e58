"""`python -m simulators.authenticator --accounts FILE.json`: the demo officers' codes ({label: base32 secret})."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from simulators.authenticator.totp import code, seconds_left
from simulators.card.serving import (
    Answer,
    Mistake,
    Request,
    Route,
    as_json,
    make_server,
    serve,
    static_routes,
)

_PAGES = Path(__file__).with_name("pages")


def routes(accounts: Path, clock: Callable[[], float]) -> list[Route]:
    """The page, and `GET /api/codes` for scripts. The file is read at every request: accounts come as they are made."""

    def codes(_: Request) -> Answer:
        now = int(clock())
        rows = [{"label": label, "code": code(secret, now)} for label, secret in _read(accounts).items()]
        return as_json({"codes": rows, "seconds_left": seconds_left(now)})

    return [
        Route("GET", "/health", lambda _: as_json({"status": "ok"})),
        Route("GET", "/api/codes", codes),
        *static_routes(_PAGES),
    ]


def _read(accounts: Path) -> dict[str, str]:
    if not accounts.exists():
        return {}
    try:
        secrets = json.loads(accounts.read_text(encoding="utf-8"))
        return {str(label): str(secret) for label, secret in secrets.items() if code(str(secret), 0)}
    except (ValueError, AttributeError) as error:
        raise Mistake(500, "accounts_unreadable") from error


def main(arguments: Sequence[str] | None = None) -> None:
    """Start it."""
    parser = argparse.ArgumentParser(prog="simulators.authenticator", description=__doc__)
    parser.add_argument("--accounts", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the ready file tells")
    parser.add_argument("--ready-file", type=Path, help='written when it listens: {"url", "port"}')
    parser.add_argument(
        "--prefix", default="/simulators/authenticator", help="path under which a proxy shows it"
    )
    options = parser.parse_args(arguments)
    serve(make_server(options.port, routes(options.accounts, time.time), options.prefix), options.ready_file)


if __name__ == "__main__":
    main()
