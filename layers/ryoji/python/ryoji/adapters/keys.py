"""Keys that never leave KMS: the keyed hash that finds a person's records, the signature over histories."""

from __future__ import annotations

import os
from functools import cache

from ryoji.adapters.aws import QUICK, client
from ryoji.errors import Unavailable


def keyed_hash(message: bytes) -> str:
    """HMAC-SHA-256 under the person key, in hex: the same person gives the same value, and nobody can go back."""
    mac: bytes = client("kms").generate_mac(
        KeyId=os.environ["PERSON_KEY"], Message=message, MacAlgorithm="HMAC_SHA_256"
    )["Mac"]
    return mac.hex()


@cache
def derived_key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, derived under the document key (HMAC-SHA-256 of the purpose's name).

    It is asked for once in a worker, so that hashing four hundred documents costs no further call. Raises Unavailable.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        mac: bytes = client("kms", patience=QUICK).generate_mac(
            KeyId=os.environ["DOCUMENT_KEY"], Message=purpose.encode(), MacAlgorithm="HMAC_SHA_256"
        )["Mac"]
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("storage_unavailable") from error
    return mac


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
