"""The keys of seals in KMS: the ministry's CA and its signers. Private parts never leave it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from ryoji.adapters.aws import client
from ryoji.errors import Unavailable
from ryoji.issuance.records import Keys


@dataclass(frozen=True)
class KmsKey:
    """A P-256 key in KMS, by its ARN; the port `ryoji.issuance.signer.Signer`."""

    arn: str

    def public_key(self) -> bytes:
        """The public part: DER SubjectPublicKeyInfo."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            key: bytes = client("kms").get_public_key(KeyId=self.arn)["PublicKey"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("signing_unavailable") from error
        return key

    def sign(self, digest: bytes) -> bytes:
        """ECDSA (DER) over a SHA-256 digest."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            signature: bytes = client("kms").sign(
                KeyId=self.arn, Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256"
            )["Signature"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("signing_unavailable") from error
        return signature


def keys() -> Keys:
    """All of them, as the deployment names them: SEAL_AUTHORITY_KEYS and SEAL_SIGNER_KEYS, JSON lists of ARNs."""
    authorities, signers = (json.loads(os.environ[f"SEAL_{name}_KEYS"]) for name in ("AUTHORITY", "SIGNER"))
    return Keys([KmsKey(arn) for arn in authorities], {arn: KmsKey(arn) for arn in signers})
