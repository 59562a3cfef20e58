"""Events on their way: signed when they are sent, sent again until they are taken, as Stripe does.

What was sent when, and how it was answered, stands in `deliveries.jsonl` beside the state, as in Stripe's dashboard.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

# Stripe tries for three days; a sandbox is patient for some minutes.
PAUSES = (0.5, 1, 2, 5, 10, 20, 40, 60, 120, 240)


@dataclass
class Endpoint:
    """Where events go, and the secret that they are signed with."""

    url: str
    secret: str
    events: list[str] | None


class Deliveries:
    """The registered endpoints, kept in a file, and one thread for each delivery that is under way."""

    def __init__(self, file: Path) -> None:
        self._file, self._log = file, file.with_name("deliveries.jsonl")
        self._lock = threading.Lock()
        kept = json.loads(file.read_text()) if file.exists() else {}
        self._endpoints = {name: Endpoint(**endpoint) for name, endpoint in kept.items()}

    def register(self, name: str, endpoint: Endpoint) -> None:
        """Add or replace an endpoint."""
        self._endpoints[name] = endpoint
        kept = {key: value.__dict__ for key, value in self._endpoints.items()}
        self._file.write_text(json.dumps(kept, indent=1))

    def send(self, event: dict[str, Any]) -> None:
        """Send an event to all who asked for it; returns at once."""
        for endpoint in self._endpoints.values():
            if endpoint.events is None or event["type"] in endpoint.events:
                threading.Thread(target=self._deliver, args=(endpoint, event), daemon=True).start()

    def _deliver(self, endpoint: Endpoint, event: dict[str, Any]) -> None:
        body = json.dumps(event).encode()
        about = {"event": event["id"], "type": event["type"], "object": event["data"]["object"].get("id")}
        for attempt, pause in enumerate(PAUSES, 1):
            answer = _answer(endpoint, body)
            self._note({"at": round(time.time(), 3), **about, "attempt": attempt, "answer": answer})
            if answer.startswith("2"):
                return
            time.sleep(pause)

    def _note(self, line: dict[str, Any]) -> None:
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps(line) + "\n")


def signature(body: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA-256 over the time and the body."""
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _answer(endpoint: Endpoint, body: bytes) -> str:
    """The status that the endpoint answered with, or the name of what went wrong."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(body, endpoint.secret, int(time.time())),
    }
    request = urllib.request.Request(endpoint.url, data=body, headers=headers, method="POST")  # noqa: S310 - the address that was registered
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the address that was registered
            return str(answer.status)
    except urllib.error.HTTPError as refused:
        return str(refused.code)
    except (OSError, HTTPException) as away:
        return type(away).__name__
