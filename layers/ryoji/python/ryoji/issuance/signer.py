"""The port to a signing key, and the two forms of an ECDSA signature: DER (KMS) and raw r||s (seals)."""

from __future__ import annotations

from typing import Protocol

from ryoji.errors import Invalid


class Signer(Protocol):
    """A P-256 key that nobody sees."""

    def public_key(self) -> bytes:
        """The public part: DER SubjectPublicKeyInfo."""
        ...

    def sign(self, digest: bytes) -> bytes:
        """An ECDSA signature (DER) over a SHA-256 digest. Raises Unavailable when the key does not answer."""
        ...


def raw_signature(der: bytes, size: int = 32) -> bytes:
    """DER to r||s of `size` bytes each: a short number is padded on the left, or readers would take it for another."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    r, s = decode_dss_signature(der)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def der_signature(raw: bytes) -> bytes:
    """r||s to DER; raises `Invalid("seal_wrong_format")` for an odd length."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if not raw or len(raw) % 2:
        raise Invalid("seal_wrong_format")
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
