"""Events on their way: signed when they are sent, sent again until they are taken, as Stripe does."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
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
        self._file = file
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
                threading.Thread(target=_deliver, args=(endpoint, event), daemon=True).start()


def signature(body: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA-256 over the time and the body."""
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _deliver(endpoint: Endpoint, event: dict[str, Any]) -> None:
    body = json.dumps(event).encode()
    for pause in PAUSES:
        if _taken(endpoint, body):
            return
        time.sleep(pause)


def _taken(endpoint: Endpoint, body: bytes) -> bool:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(body, endpoint.secret, int(time.time())),
    }
    request = urllib.request.Request(endpoint.url, data=body, headers=headers, method="POST")  # noqa: S310 - the address that was registered
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the address that was registered
            return bool(200 <= answer.status < 300)
    except (urllib.error.URLError, OSError):
        return False
