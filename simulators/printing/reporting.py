"""Telling Ryoji of a book: OAuth 2 client credentials, then the partner API. Secrets and tokens are never shown."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from simulators.printing.bureau import Outcome

SECONDS = 10
EARLY = 60


@dataclass(frozen=True)
class Access:
    """Where Ryoji is and how we prove who we are. `callback` is its API's root, `scope` may be empty."""

    callback: str
    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""


class Reporter:
    """Reports books. `access` is asked each time, because a sandbox knows it only once it is deployed."""

    def __init__(self, access: Callable[[], Access | None]) -> None:
        self._access = access
        self._token = ""
        self._until = 0.0

    def __call__(self, order_id: str, result: dict[str, str]) -> Outcome:
        """`done`, `refused` (Ryoji says that this is wrong: a person must look), or `failed` (try again)."""
        access = self._access()
        if access is None:
            return "failed"
        try:
            status = self._post(access, order_id, result)
            if status == 401:
                # The token was withdrawn before its time.
                self._until = 0.0
                status = self._post(access, order_id, result)
        except (OSError, HTTPException, ValueError, KeyError):
            return "failed"
        if status < 300:
            return "done"
        return "refused" if status in {400, 404, 409, 422} else "failed"

    def _post(self, access: Access, order_id: str, result: dict[str, str]) -> int:
        path = f"/partner/production/{urllib.parse.quote(order_id, safe='')}/result"
        headers = {
            "Authorization": f"Bearer {self._fresh_token(access)}",
            "Content-Type": "application/json",
            # The same book is the same report, however often it is sent.
            "Idempotency-Key": f"{order_id}.{result['book_number']}",
        }
        return _send(access.callback.rstrip("/") + path, json.dumps(result).encode(), headers)[0]

    def _fresh_token(self, access: Access) -> str:
        if time.monotonic() < self._until:
            return self._token
        pair = f"{access.client_id}:{access.client_secret}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = {"grant_type": "client_credentials", **({"scope": access.scope} if access.scope else {})}
        status, body = _send(access.token_url, urllib.parse.urlencode(form).encode(), headers)
        if status != 200:
            raise ValueError("no token")
        said: dict[str, Any] = json.loads(body)
        self._token = said["access_token"]
        self._until = time.monotonic() + max(0, int(said.get("expires_in", 0)) - EARLY)
        return self._token


def _send(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError("an address must be http or https")
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the callback, checked above
            return answer.status, answer.read(1 << 16)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""
