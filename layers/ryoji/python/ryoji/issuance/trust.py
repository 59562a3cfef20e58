"""Whom a verifier believes: authorities with their revocation lists, signers; and the list that is published.

The list travels in the same envelope as a seal, signed by the authority, so that it can be kept and checked offline.
Its keys stand beside the certificates as JWK: a browser needs to read no ASN.1. docs/seals.md documents it.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ryoji.errors import Invalid
from ryoji.issuance.certificates import (
    Certificate,
    RevocationList,
    is_made_by,
    key_until,
    names_authority,
    read_certificate,
    read_revocations,
)
from ryoji.issuance.signer import Signer
from ryoji.issuance.vdsnc import base64url, canonical, is_signed, opened, sealed

if TYPE_CHECKING:
    from ryoji.issuance.seal_profile import SealRules

MOST_CHARACTERS = 512 * 1024


@dataclass(frozen=True)
class Authority:
    """A CA that may issue signers for one state, with its latest revocation list."""

    state: str
    certificate: Certificate
    revocations: RevocationList | None


@dataclass(frozen=True)
class Trust:
    """What a verifier believes. `named`: SHA-256 of signer certificates believed by themselves, with their state.

    `issued`: when the list was made; None where trust was put together by hand.
    """

    authorities: tuple[Authority, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    issued: datetime | None = None


def published(
    authorities: Sequence[Authority],
    key: Signer,
    signers: Iterable[Certificate],
    rules: SealRules,
    now: datetime,
) -> str:
    """The trust list as text, signed by the key of the first of the authorities. Each must have a revocation list."""
    data = {
        "version": 1,
        "issued": _text(now),
        # After the first of them one can no longer say that no revocation was missed.
        "next": _text(min(_revocations_of(each).next_update for each in authorities)),
        "profiles": {
            name: {"version": profile.version, "kind": profile.kind, "document_type": profile.document_type,
                   "mark": profile.mark}
            for name, profile in rules.profiles.items()
        },
        "elements": {element.key: element.of for element in rules.elements},
        "authorities": [
            {
                **_described(each.certificate),
                "state": each.state,
                "revocations": b64encode(_revocations_of(each).der).decode(),
                "revocations_issued": _text(_revocations_of(each).this_update),
            }
            for each in authorities
        ],
        "signers": [_signer(each, authorities, rules) for each in signers],
    }  # fmt: skip
    return sealed(data, authorities[0].certificate.der, key)


def _revocations_of(authority: Authority) -> RevocationList:
    if authority.revocations is None:
        raise ValueError("an authority is published with its revocation list")
    return authority.revocations


def _signer(signer: Certificate, authorities: Sequence[Authority], rules: SealRules) -> dict[str, Any]:
    authority = next(each for each in authorities if names_authority(signer, each.certificate))
    revoked = {entry.serial: entry for entry in _revocations_of(authority).revoked}.get(signer.serial)
    return {
        **_described(signer),
        "state": authority.state,
        "authority": fingerprint(authority.certificate.der),
        "document_types": list(signer.document_types),
        "key_until": _text(key_until(signer, rules)),
        "revoked": _text(revoked.at) if revoked else None,
        "reason": revoked.reason if revoked else None,
    }


def read_trust(text: str | bytes, *, expected: str | None = None) -> Trust:
    """Read a trust list. `expected`: fingerprint (SHA-256, hex) of the authority that must have signed it.

    Raises `Invalid`: `trust_list_wrong` when it is not a list, or not signed by an authority that it names.
    """
    try:
        data, (algorithm, certificate, signature) = opened(text, MOST_CHARACTERS)
        authorities = tuple(_authority(entry) for entry in data["authorities"])
        issued = datetime.fromisoformat(str(data["issued"]))
        signer = next(each for each in authorities if each.certificate.der == certificate).certificate
    except (Invalid, KeyError, TypeError, ValueError, StopIteration) as error:
        raise Invalid("trust_list_wrong") from error
    if expected is not None and fingerprint(certificate) != expected:
        raise Invalid("trust_list_wrong")
    if not is_signed(canonical(data), algorithm, signature, signer.public_key):
        raise Invalid("trust_list_wrong")
    return Trust(authorities, issued=issued.astimezone(UTC))


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, in hex."""
    return hashlib.sha256(der).hexdigest()


def _authority(entry: Any) -> Authority:
    certificate = read_certificate(b64decode(entry["certificate"], validate=True))
    revocations = read_revocations(b64decode(entry["revocations"], validate=True))
    if not is_made_by(certificate, certificate) or not is_made_by(revocations, certificate):
        raise ValueError("an authority did not sign what is its own")
    return Authority(str(entry["state"]), certificate, revocations)


def _described(certificate: Certificate) -> dict[str, Any]:
    return {
        "certificate": b64encode(certificate.der).decode(),
        "sha256": fingerprint(certificate.der),
        "serial": f"{certificate.serial:x}",
        "not_before": _text(certificate.not_before),
        "not_after": _text(certificate.not_after),
        "key": jwk(certificate.public_key),
    }


def jwk(public_key: bytes) -> dict[str, str]:
    """A P-256 key (DER SubjectPublicKeyInfo) as WebCrypto imports it; raises ValueError for another."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("not a P-256 key")
    numbers = key.public_numbers()
    x, y = (base64url(number.to_bytes(32, "big")).rstrip("=") for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
