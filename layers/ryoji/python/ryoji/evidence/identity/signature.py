"""The signature itself: a detached CMS SignedData (RFC 5652) over the SHA-256 digest of the canonical bytes."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ryoji.errors import Invalid
from ryoji.evidence.card_signature import CardSignature
from ryoji.evidence.identity.certificate import load_certificate

_RSA_PKCS1 = {"rsassa_pkcs1v15", "sha256_rsa"}

# asn1crypto parses lazily and answers nonsense with any of these.
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class SignedMessage:
    """The parts of a SignedData that matter. Nothing in it has been verified."""

    certificate: bytes
    signed_attributes: bytes
    message_digest: bytes
    signature: bytes
    claimed_at: datetime | None


def parse(signature: CardSignature) -> SignedMessage:
    """Take the one signer's parts out of the CMS; raises `Invalid("card_signature_unreadable")`."""
    try:
        der = base64.b64decode(signature.value, validate=True)
        return _parts(der)
    except (binascii.Error, *_MALFORMED) as error:
        raise Invalid("card_signature_unreadable") from error


def verify_signature(message: SignedMessage, digest: str) -> None:
    """Raises `Invalid("card_signature_wrong", problem=…)` unless the certificate's key signed this digest (hex)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    if not hmac.compare_digest(message.message_digest, bytes.fromhex(digest)):
        raise Invalid("card_signature_wrong", problem="document")
    key = load_certificate(message.certificate).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Invalid("card_signature_wrong", problem="key")
    try:
        key.verify(message.signature, message.signed_attributes, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise Invalid("card_signature_wrong", problem="signature") from error


def _parts(der: bytes) -> SignedMessage:
    from asn1crypto import cms

    content = cms.ContentInfo.load(der, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("not SignedData")
    data = content["content"]
    # Detached: were the content inside, a reader could be shown another document than the one verified.
    if data["encap_content_info"]["content_type"].native != "data" or data["encap_content_info"]["content"]:
        raise ValueError("not detached data")
    if len(data["signer_infos"]) != 1:
        raise ValueError("not one signer")
    signer = data["signer_infos"][0]
    _require_algorithms(signer)
    attributes = _single_attributes(signer["signed_attrs"])
    if attributes["content_type"] != "data":
        raise ValueError("signed another content type")
    return SignedMessage(
        certificate=_signer_certificate(data, signer),
        # RFC 5652 §5.4: what is signed is the attributes as a SET OF, not with the implicit tag they travel under.
        signed_attributes=signer["signed_attrs"].untag().dump(),
        message_digest=attributes["message_digest"],
        signature=signer["signature"].native,
        claimed_at=_utc(attributes.get("signing_time")),
    )


def _require_algorithms(signer: Any) -> None:
    if signer["digest_algorithm"]["algorithm"].native != "sha256":
        raise ValueError("not SHA-256")
    if signer["signature_algorithm"]["algorithm"].native not in _RSA_PKCS1:
        raise ValueError("not RSA PKCS#1 v1.5")


def _single_attributes(attributes: Any) -> dict[str, Any]:
    """Signed attributes by name; twice the same, or one with two values, is a forger's trick (RFC 5652 §5.3)."""
    found: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise ValueError("ambiguous signed attribute")
        found[name] = attribute["values"][0].native
    return found


def _signer_certificate(data: Any, signer: Any) -> bytes:
    identifier = signer["sid"]
    if identifier.name != "issuer_and_serial_number":
        raise ValueError("signer not named by issuer and serial")
    wanted = identifier.chosen
    for choice in data["certificates"]:
        certificate = choice.chosen
        same_serial = certificate.serial_number == wanted["serial_number"].native
        if same_serial and certificate.issuer.dump() == wanted["issuer"].dump():
            return bytes(certificate.dump())
    raise ValueError("the signer's certificate is not included")


def _utc(moment: Any) -> datetime | None:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else None
