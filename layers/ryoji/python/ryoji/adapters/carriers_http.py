"""Changes on their way to carriers: the queue that brings them again, and the HTTP request that carries them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from http.client import HTTPException

from ryoji.adapters.aws import client
from ryoji.adapters.deadline import Deadline
from ryoji.adapters.timed_http import post
from ryoji.errors import Invalid, Unavailable
from ryoji.permissions.carrier import Carrier
from ryoji.permissions.changes import Change, shown
from ryoji.permissions.edifact import cusres
from ryoji.permissions.edifact.interchange import open_envelope
from ryoji.permissions.edifact.segments import cut

_LARGEST_ANSWER = 64 * 1024
# From connecting to the last byte that it says; looking its name up has the resolver's own time. What one carrier
# takes, the others of a batch wait.
PUSH_SECONDS = 5.0
# The pauses between tries, in seconds; the last one is repeated.
PAUSES = (5, 15, 60, 300, 900, 1800, 3600)
SIGNATURE = "Ryoji-Signature"


def send_to_queue(carrier: str, change: str) -> None:
    """Have a change delivered; twice is harmless, because a change that is acknowledged is not sent."""
    client("sqs").send_message(
        QueueUrl=os.environ["CHANGE_QUEUE"],
        MessageBody=json.dumps({"carrier": carrier, "change": change}),
    )


def send_later(receipt_handle: str, tries: int) -> None:
    """Let the queue bring a message again after a pause that grows with the tries."""
    client("sqs").change_message_visibility(
        QueueUrl=os.environ["CHANGE_QUEUE"],
        ReceiptHandle=receipt_handle,
        VisibilityTimeout=PAUSES[min(tries, len(PAUSES) - 1)],
    )


def push(carrier: Carrier, change: Change, key: bytes, now: datetime, until: Deadline | None = None) -> bool:
    """Send a change in the carrier's format; whether the carrier acknowledged it in its answer, and in time."""
    edifact = carrier.push_format == "edifact"
    body = _edifact(carrier, change, now) if edifact else json.dumps(shown(change)).encode()
    headers = {
        "Content-Type": "application/edifact" if edifact else "application/json",
        SIGNATURE: signature(key, body, now),
    }
    until = until or Deadline(PUSH_SECONDS)
    try:
        status, said = post(str(carrier.push_url), body, headers, until, most=_LARGEST_ANSWER)
    except (OSError, HTTPException, ValueError, Unavailable):
        return False
    return 200 <= status < 300 and acknowledged(said, change.id, edifact=edifact)


def signature(key: bytes, body: bytes, now: datetime) -> str:
    """`t=<seconds>,v1=<HMAC-SHA-256 in hex>` over the seconds, a full stop and the body."""
    seconds = int(now.astimezone(UTC).timestamp())
    mac = hmac.digest(key, f"{seconds}.".encode() + body, hashlib.sha256).hex()
    return f"t={seconds},v1={mac}"


def acknowledged(said: bytes, change: str, *, edifact: bool) -> bool:
    """Whether an answer acknowledges this change: CUSRES with BGM+312, or `{"acknowledged": "<change>"}`."""
    try:
        if not edifact:
            answer = json.loads(said)
            return isinstance(answer, dict) and answer.get("acknowledged") == change
        (message,) = open_envelope(cut(said.decode())).messages
    except (ValueError, Invalid):
        return False
    found = cusres.acknowledgement_of(message)
    return found is not None and found.change == change


def _edifact(carrier: Carrier, change: Change, now: datetime) -> bytes:
    told = cusres.ChangeMessage(change.id, change.flight, change.references, change.answer)
    return cusres.changed(told, carrier.code, now).encode()
