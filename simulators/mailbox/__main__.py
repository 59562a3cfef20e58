"""`python -m simulators.mailbox --cloud-port P`: what was e-mailed through SES on the local cloud, newest first."""

from __future__ import annotations

import argparse
import json
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simulators.card.serving import Mistake, Route, as_json, make_server, serve, static_routes

_PAGES = Path(__file__).with_name("pages")
_SECONDS = 10
# The cloud is on the loopback: a proxy that the environment names would not find it.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Ask = Callable[[], dict[str, Any]]


def routes(ask: Ask) -> list[Route]:
    """The page, its list at `/api/letters`, and `/messages`, which is the cloud's own answer, for scripts."""
    return [
        Route("GET", "/health", lambda _: as_json({"status": "ok"})),
        Route("GET", "/messages", lambda _: as_json(ask())),
        Route("GET", "/api/letters", lambda _: as_json({"letters": letters(ask())})),
        *static_routes(_PAGES),
    ]


def letters(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The cloud's messages of all accounts as the page shows them, newest first; `at` is seconds since 1970, UTC."""
    sent = [message for account in said["messages"].values() for message in account]
    return [_letter(message) for message in sorted(sent, key=_when, reverse=True)]


def _when(message: dict[str, Any]) -> float:
    return float(message["Timestamp"])


def _letter(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": message["MessageId"],
        "at": _when(message),
        "from": message["Source"],
        "to": list(message.get("To") or []),
        "subject": message.get("Subject") or "",
        "text": message.get("BodyText") or "",
    }


def cloud_messages(port: int) -> Ask:
    """Asks the local cloud each time; a cloud that does not answer is 502 `cloud_unreachable`."""

    def ask() -> dict[str, Any]:
        try:
            with _DIRECT.open(f"http://127.0.0.1:{port}/_ministack/ses/messages", timeout=_SECONDS) as answer:
                said: dict[str, Any] = json.load(answer)
        except (OSError, ValueError) as error:
            raise Mistake(502, "cloud_unreachable") from error
        if not isinstance(said, dict) or not isinstance(said.get("messages"), dict):
            raise Mistake(502, "cloud_not_understood")
        return said

    return ask


def main(arguments: Sequence[str] | None = None) -> None:
    """Start it."""
    parser = argparse.ArgumentParser(prog="simulators.mailbox", description=__doc__)
    parser.add_argument("--cloud-port", type=int, required=True, help="where the local cloud listens")
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the ready file tells")
    parser.add_argument("--ready-file", type=Path, help='written when it listens: {"url", "port"}')
    parser.add_argument("--prefix", default="/simulators/mailbox", help="path under which a proxy shows it")
    options = parser.parse_args(arguments)
    server = make_server(options.port, routes(cloud_messages(options.cloud_port)), options.prefix)
    serve(server, options.ready_file)


if __name__ == "__main__":
    main()
