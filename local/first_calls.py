"""The calls of the first visitor, made once before somebody comes: each starts a process of a function, for a second.

They ask for a case that is not there, so that all of them are answered and none changes anything. Recognition has used
its models by itself (local/recognition/__main__.py).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from typing import TYPE_CHECKING, Any

from local.api import Caller, applicant_token
from local.seed import APPLICANTS, PASSWORD

if TYPE_CHECKING:
    from local.running import Running

NOWHERE = "/cases/000000000000000000000000"
UPLOAD = {"document": "portrait", "content_type": "image/jpeg", "size": 1_000_000}
CALLS: tuple[tuple[str, str, Any], ...] = (
    ("GET", NOWHERE, None),
    ("POST", f"{NOWHERE}/uploads", UPLOAD),
    ("POST", f"{NOWHERE}/documents/portrait/checks/portrait", None),
    ("POST", f"{NOWHERE}/documents/passport_page/checks/travel_document", None),
)


def begin(running: Running) -> None:
    """Make the calls beside everything else: nobody waits for them."""
    threading.Thread(target=_make, args=(running,), daemon=True, name="first calls").start()


def _make(running: Running) -> None:
    # The sandbox may be stopping; and who comes first meets what has failed here, and is told.
    with contextlib.suppress(OSError, http.client.HTTPException, json.JSONDecodeError, LookupError):
        settings = json.loads(running.home.settings.read_text())
        caller = Caller(running.origin, applicant_token(settings, APPLICANTS[0], PASSWORD))
        for verb, path, body in CALLS:
            caller.call(verb, path, body)
