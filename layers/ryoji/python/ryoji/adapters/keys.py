"""Keys that never leave KMS: the keyed hash that finds a person's records, the signature over histories."""

from __future__ import annotations

import os
from typing import Any

from ryoji.adapters.aws import answer_by, client
from ryoji.adapters.deadline import ENDLESS, Deadline

_derived: dict[str, bytes] = {}


def keyed_hash(message: bytes) -> str:
    """HMAC-SHA-256 under the person key, in hex: the same person gives the same value, and nobody can go back."""
    mac: bytes = client("kms").generate_mac(
        KeyId=os.environ["PERSON_KEY"], Message=message, MacAlgorithm="HMAC_SHA_256"
    )["Mac"]
    return mac.hex()


def derived_key(purpose: str, until: Deadline = ENDLESS) -> bytes:
    """A key of 32 bytes for one purpose, derived under the document key (HMAC-SHA-256 of the purpose's name).

    It is asked for once in a worker, so that hashing four hundred documents costs no further call. Raises Unavailable.
    """
    known = _derived.get(purpose)
    if known is None:
        asked: dict[str, Any] = {"KeyId": os.environ["DOCUMENT_KEY"], "Message": purpose.encode()}
        answer = answer_by(until, "kms", "generate_mac", **asked, MacAlgorithm="HMAC_SHA_256")
        known = _derived[purpose] = answer["Mac"]
    return known


def sign_digest(digest: bytes) -> bytes:
    """ECDSA P-256 signature (DER) over a SHA-256 digest under the history key."""
    signature: bytes = client("kms").sign(
        KeyId=os.environ["HISTORY_KEY"],
        Message=digest,
        MessageType="DIGEST",
        SigningAlgorithm="ECDSA_SHA_256",
    )["Signature"]
    return signature


def public_key() -> bytes:
    """The history key's public part (DER SubjectPublicKeyInfo)."""
    key: bytes = client("kms").get_public_key(KeyId=os.environ["HISTORY_KEY"])["PublicKey"]
    return key
