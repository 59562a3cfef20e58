"""Whether a push is Ryoji's: its signature under the key that the carrier reads from the API with its own client."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

# Older than this it may be a copy of something that was said before.
FRESH_SECONDS = 300
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def genuine(signature: str, body: str, key: bytes, now: float) -> bool:
    """Whether `t=<seconds>,v1=<hex>` is the HMAC-SHA-256 over `<seconds>.<body>`, made within five minutes."""
    found = _SIGNATURE.fullmatch(signature)
    if found is None or abs(now - int(found[1])) > FRESH_SECONDS:
        return False
    made = hmac.digest(key, f"{found[1]}.{body}".encode(), hashlib.sha256).hex()
    return hmac.compare_digest(made, found[2])


@dataclass
class Api:
    """Ryoji's API as carriers reach it; `clients` are [client, secret] by carrier. Keys are read once."""

    address: str
    token_url: str
    clients: dict[str, list[str]]
    keys: dict[str, bytes] = field(default_factory=dict)

    def push_key(self, carrier: str) -> bytes | None:
        """The key of a carrier's pushes, or None when it cannot be read now."""
        if carrier not in self.keys and carrier in self.clients:
            try:
                self.keys[carrier] = self._read(*self.clients[carrier])
            except (OSError, ValueError, KeyError):
                return None
        return self.keys.get(carrier)

    def _read(self, client: str, secret: str) -> bytes:
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": "inquiry/ask"}).encode()
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        token = _asked(self.token_url, f"Basic {basic}", form)["access_token"]
        return bytes.fromhex(_asked(f"{self.address}/carriers/changes", f"Bearer {token}")["push_key"])


def _asked(url: str, authorization: str, form: bytes | None = None) -> Any:
    request = urllib.request.Request(url, form, {"Authorization": authorization})  # noqa: S310 - the command line names it
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
        return json.loads(answer.read())
