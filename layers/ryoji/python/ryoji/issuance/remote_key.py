"""A key as `cryptography` wants one that signs certificates, although nobody holds it: it asks the signer."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ryoji.issuance.signer import Signer


class RemoteKey(ec.EllipticCurvePrivateKey):
    """A P-256 key behind a port; it signs SHA-256 digests and does nothing else."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        """Bits."""
        return 256

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """DER; TypeError for another hash than SHA-256."""
        if not isinstance(signature_algorithm.algorithm, SHA256):
            raise TypeError("only SHA-256")
        return self._signer.sign(hashlib.sha256(data).digest())

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public part."""
        found = load_der_public_key(self._signer.public_key())
        if not isinstance(found, ec.EllipticCurvePublicKey):
            raise TypeError("not a key of an elliptic curve")
        return found

    def exchange(self, algorithm: Any, peer_public_key: Any) -> bytes:
        """Not for this key."""
        raise NotImplementedError

    def private_numbers(self) -> Any:
        """Nobody has them."""
        raise NotImplementedError

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> bytes:
        """Nobody has them."""
        raise NotImplementedError

    def __copy__(self) -> RemoteKey:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> RemoteKey:
        return self
