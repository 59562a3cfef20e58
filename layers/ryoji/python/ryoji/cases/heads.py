"""Signed heads: the last hash of each history on one day, under one signature. See docs/history.md."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Head:
    """The end of one history: the sequence and hash of its last action."""

    case_id: str
    sequence: int
    hash: str


def signed_bytes(heads: list[Head], at: datetime) -> bytes:
    """What is signed: the RFC 8785 form of the day's heads, by case."""
    import rfc8785

    ordered = sorted(heads, key=lambda head: head.case_id)
    return rfc8785.dumps(
        {
            "at": at.isoformat(),
            "heads": [{"case_id": h.case_id, "sequence": h.sequence, "hash": h.hash} for h in ordered],
        }
    )


def signed_heads(heads: list[Head], at: datetime, *, sign: Callable[[bytes], bytes]) -> bytes:
    """The archive's file: the signed bytes as they are, and an ECDSA P-256 signature (DER) over their SHA-256."""
    import json

    body = signed_bytes(heads, at)
    signature = sign(hashlib.sha256(body).digest())
    return json.dumps(
        {"signed": body.decode(), "signature": b64encode(signature).decode(), "algorithm": "ECDSA_SHA_256"}
    ).encode()
