"""Changed answers as a carrier meets them: in the outbox, and pushed to an address at which the kit listens.

Someone at the service changes the permission of one passport of the sandbox while the kit waits; the kit says what to
change. A push that is not acknowledged must come again, and one that is acknowledged stands in the outbox no longer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ryoji.conformance.asking import EDIFACT, JSON, Carrier
from ryoji.conformance.passports import changing
from ryoji.conformance.rules import Seen, Verdict
from ryoji.errors import Invalid
from ryoji.permissions.edifact.segments import cut

# Longer than the pause before the second try, with the queue's own delay.
WAIT_SECONDS = 120.0
FRESH_SECONDS = 300
LARGEST = 64 * 1024
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
# Has the permission of this number put into this status.
Change = Callable[[str, str], None]


@dataclass(frozen=True)
class Push:
    """What was sent to the carrier's address."""

    body: bytes
    kind: str
    signature: str

    @property
    def change(self) -> str | None:
        """The change that it tells of; None when it cannot be read."""
        try:
            if EDIFACT not in self.kind:
                return str(json.loads(self.body)["change"])
            named = (each for each in cut(self.body.decode()) if each.tag == "RFF" and each.part(0) == "AEA")
            return next(each.part(0, 1) for each in named)
        except (ValueError, KeyError, TypeError, Invalid, StopIteration):
            return None

    def acknowledgement(self) -> bytes:
        """What a carrier answers: the same under BGM+312, or the change's name."""
        if EDIFACT in self.kind:
            return self.body.replace(b"BGM+132", b"BGM+312")
        return json.dumps({"acknowledged": self.change}).encode()

    def genuine(self, key: bytes, now: float) -> bool:
        """Whether it is signed under the carrier's key, within five minutes."""
        found = _SIGNATURE.fullmatch(self.signature)
        if found is None or abs(now - int(found[1])) > FRESH_SECONDS:
            return False
        made = hmac.digest(key, f"{found[1]}.".encode() + self.body, hashlib.sha256).hex()
        return hmac.compare_digest(made, found[2])


class Listener(ThreadingHTTPServer):
    """The carrier's address for pushes. It acknowledges only when told to."""

    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), _Handler)
        self.came: queue.Queue[Push] = queue.Queue()
        self.acknowledging = False

    def next(self, change: str, wait: float) -> Push | None:
        """The next push about a change, or None when none comes in that time."""
        until = time.monotonic() + wait
        while (left := until - time.monotonic()) > 0:
            with suppress(queue.Empty):
                push = self.came.get(timeout=left)
                if push.change == change:
                    return push
        return None


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        """A push."""
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST)
        push = Push(
            self.rfile.read(length),
            self.headers.get("Content-Type", JSON),
            self.headers.get("Ryoji-Signature", ""),
        )
        said = push.acknowledgement() if self.server.acknowledging else b""
        self.send_response(200 if said else 202)
        self.send_header("Content-Type", push.kind)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        self.server.came.put(push)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the kit says one line a rule."""


@contextmanager
def listening(host: str, port: int) -> Iterator[Listener]:
    """Listen for pushes meanwhile."""
    server = Listener(host, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class _Meeting:
    """One change of one passenger's answer, from the question to the acknowledgement."""

    carrier: Carrier
    change: Change
    listener: Listener | None
    wait: float
    inquiry: str = ""
    told: str = ""

    def ask(self) -> Seen:
        answer = self.carrier.ask([changing().asked]).json
        self.inquiry = answer["inquiry"]
        got = answer["answers"][0]["answer"]
        return None if got == changing().answer else f"before the change: {got}"

    def is_told(self) -> Seen:
        self.put_into("revoked")
        found = self._in_outbox("NO_BOARD")
        if found is None:
            return f"no change of the inquiry in {self.wait:.0f} seconds"
        self.told = found["change"]
        return None if found["was"] == changing().answer else f"was: {found['was']}"

    def comes(self) -> Seen:
        push = self._next()
        return None if push else "no push"

    def comes_again(self) -> Seen:
        # The first one got no acknowledgement.
        push = self._next()
        if push is None:
            return "an unacknowledged push does not come again"
        key = bytes.fromhex(self.carrier.call("GET", "/carriers/changes").json["push_key"])
        return None if push.genuine(key, time.time()) else "a push that is not signed under the carrier's key"

    def is_acknowledged_in_the_answer(self) -> Seen:
        if self.listener is None:
            return "nobody listens"
        self.listener.acknowledging = True
        if self._next() is None:
            return "no push to acknowledge"
        return self._is_gone()

    def is_acknowledged(self) -> Seen:
        for _twice in range(2):
            reply = self.carrier.call("POST", f"/carriers/changes/{self.told}/acknowledgement", {})
            if reply.status != 200:
                return f"status: {reply.status} in place of 200"
        return self._is_gone()

    def comes_back(self) -> Seen:
        self.put_into("active")
        found = self._in_outbox(changing().answer)
        if found is None and self.listener is not None:
            # Acknowledged so soon that the outbox did not show it any more.
            return None if self._any_push() else "no push of the answer that is so again"
        if found is None:
            return f"no change of the inquiry in {self.wait:.0f} seconds"
        self.carrier.call("POST", f"/carriers/changes/{found['change']}/acknowledgement", {})
        return None

    def put_into(self, status: str) -> None:
        held = changing().permission or {}
        self.change(str(held["number"]), status)

    def _next(self) -> Push | None:
        return self.listener.next(self.told, self.wait) if self.listener else None

    def _any_push(self) -> bool:
        # A change is named after its inquiry; the first one may still be coming.
        came = [push.change or "" for push in list(self.listener.came.queue)] if self.listener else []
        return any(each.startswith(self.inquiry) and each != self.told for each in came)

    def _waiting(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.carrier.call("GET", "/carriers/changes").json["changes"]
        return [each for each in told if each["inquiry"] == self.inquiry]

    def _in_outbox(self, answer: str) -> dict[str, Any] | None:
        until = time.monotonic() + self.wait
        while time.monotonic() < until:
            found = [each for each in self._waiting() if each["answer"] == answer]
            if found:
                return found[0]
            if answer == changing().answer and self._any_push():
                return None
            time.sleep(min(1.0, self.wait / 10))
        return None

    def _is_gone(self) -> Seen:
        until = time.monotonic() + self.wait
        while time.monotonic() < until:
            if self.told not in [each["change"] for each in self._waiting()]:
                return None
            time.sleep(min(1.0, self.wait / 10))
        return "an acknowledged change stands in the outbox"


def met(
    carrier: Carrier, change: Change, listener: Listener | None, wait: float = WAIT_SECONDS
) -> Iterator[Verdict]:
    """The rules of changes, in order; the first that does not hold ends them, for each builds on the one before.

    Raises Unavailable when the service stops answering.
    """
    meeting = _Meeting(carrier, change, listener, wait)
    pushed = [
        ("push.comes", "A change is pushed to the carrier's address.", meeting.comes),
        ("push.again", "Unacknowledged it comes again, signed under the carrier's key.", meeting.comes_again),
        (
            "push.acknowledged",
            "Acknowledged in the answer it waits no longer.",
            meeting.is_acknowledged_in_the_answer,
        ),
    ]
    outbox = [
        ("changes.acknowledged", "Acknowledged, also twice, it waits no longer.", meeting.is_acknowledged)
    ]
    rules = [
        ("changes.asked", "The passport whose permission changes is answered as before.", meeting.ask),
        ("changes.told", "An answer that is no longer so stands among the changes.", meeting.is_told),
        *(pushed if listener else outbox),
        ("changes.back", "When the permission is in force again, that is a change too.", meeting.comes_back),
    ]
    for rule, says, look in rules:
        try:
            seen = look()
        except (Invalid, AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
            seen = f"an answer of another form ({type(error).__name__})"
        yield Verdict(rule, says, seen)
        if seen is not None and rule != "changes.back":
            meeting.put_into("active")
            return
