"""Keys that never leave KMS: the keyed hash that finds a person's records, the signature over histories."""

from __future__ import annotations

import os

from ryoji.adapters.aws import client


def keyed_hash(message: bytes) -> str:
    """HMAC-SHA-256 under the person key, in hex: the same person gives the same value, and nobody can go back."""
    mac: bytes = client("kms").generate_mac(
        KeyId=os.environ["PERSON_KEY"], Message=message, MacAlgorithm="HMAC_SHA_256"
    )["Mac"]
    return mac.hex()


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
