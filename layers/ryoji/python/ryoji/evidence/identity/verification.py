"""From a signature to a finding: who signed this document, and may it be believed (japan.md §2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ryoji.errors import Invalid
from ryoji.evidence.card_signature import CardSignature
from ryoji.evidence.finding import Finding, Reason, gravest
from ryoji.evidence.identity import canonical
from ryoji.evidence.identity.certificate import (
    CardAttributes,
    SignatureCertificate,
    issuer_among,
    load_certificate,
    read_certificate,
)
from ryoji.evidence.identity.comparison import ExpectedPerson, compare, reasons_for
from ryoji.evidence.identity.signature import SignedMessage, parse, verify_signature
from ryoji.partners.certificate_status import CertificateStatus, StatusAnswer

CHECK = "identity"


@dataclass(frozen=True)
class Trust:
    """Whom a deployment believes: the pinned roots (DER each), and where it asks whether a certificate has lapsed."""

    anchors: tuple[bytes, ...]
    status: CertificateStatus


@dataclass(frozen=True)
class Examination:
    """The finding, and the card's attributes where an authority that is trusted vouches for them."""

    finding: Finding
    attributes: CardAttributes | None = None


def verify(
    signature: CardSignature,
    document: Mapping[str, Any],
    expected: ExpectedPerson,
    *,
    trust: Trust,
    at: datetime,
) -> Finding:
    """Verify the signature over a submission. `at` (UTC): when the submission was received, on every try again.

    Reasons: signature_invalid, issuer_unknown, profile_wrong (each ends the check); certificate_expired,
    certificate_not_yet_valid, certificate_revoked, certificate_status_unknown, status_unavailable (try again:
    nothing is lost); wrong_person, {name,birth_date,sex,address}_differs, name_substituted.
    """
    return examine(signature, canonical.digest(document), trust=trust, at=at, expected=expected).finding


def examine(
    signature: CardSignature,
    digest: str,
    *,
    trust: Trust,
    at: datetime,
    expected: ExpectedPerson | None = None,
) -> Examination:
    """Verify a signature over a digest (hex); without an expected person, only who it is, for filling in a form."""
    try:
        message = parse(signature)
        verify_signature(message, digest)
    except Invalid as error:
        return _rejected("signature_invalid", digest, error)
    if issuer_among(load_certificate(message.certificate), trust.anchors, at) is None:
        return _rejected("issuer_unknown", digest)
    try:
        certificate = read_certificate(message.certificate)
    except Invalid as error:
        return _rejected("profile_wrong", digest, error)
    return _judged(message, certificate, digest, trust=trust, at=at, expected=expected)


def _judged(
    message: SignedMessage,
    certificate: SignatureCertificate,
    digest: str,
    *,
    trust: Trust,
    at: datetime,
    expected: ExpectedPerson | None,
) -> Examination:
    facts = _facts(message, certificate, digest)
    reasons = _validity(certificate, at)
    if not reasons:  # a responder may have forgotten what has expired
        answer = trust.status.status(message.certificate, at)
        facts["revocation"] = _revocation_facts(answer)
        reasons += _lapse(answer, at)
    if expected is not None:
        likeness = compare(certificate.attributes, expected)
        facts["comparison"] = likeness
        facts["signer"] = expected.role
        reasons += reasons_for(likeness, expected)
    outcome = gravest(reasons)
    facts["assurance"] = "card_signature" if outcome in ("pass", "review") else "none"
    finding = Finding(check=CHECK, outcome=outcome, reasons=reasons, facts=facts)
    return Examination(finding, certificate.attributes)


def _validity(certificate: SignatureCertificate, at: datetime) -> tuple[Reason, ...]:
    """Judged at receipt: the signing time inside the signature is the signer's own claim, and is only noted."""
    if at < certificate.not_before:
        required = certificate.not_before.date().isoformat()
        return (Reason(code="certificate_not_yet_valid", outcome="fail", required=required),)
    if at > certificate.not_after:
        required = certificate.not_after.date().isoformat()
        return (Reason(code="certificate_expired", outcome="fail", required=required),)
    return ()


def _lapse(answer: StatusAnswer, at: datetime) -> tuple[Reason, ...]:
    if answer.status == "unavailable":
        return (Reason(code="status_unavailable", outcome="unavailable"),)
    if answer.status == "unknown":
        return (Reason(code="certificate_status_unknown", outcome="fail"),)
    if answer.status == "good" or (answer.revoked_at is not None and answer.revoked_at > at):
        # Moving house ends a certificate; what was signed before stays signed.
        return ()
    return (Reason(code="certificate_revoked", outcome="fail"),)


def _facts(message: SignedMessage, certificate: SignatureCertificate, digest: str) -> dict[str, Any]:
    return {
        "digest": digest,
        "claimed_at": message.claimed_at.isoformat() if message.claimed_at else None,
        "certificate": {
            "serial": certificate.serial,
            "issuer": certificate.issuer,
            "not_before": certificate.not_before.isoformat(),
            "not_after": certificate.not_after.isoformat(),
        },
        "attributes": certificate.attributes.facts(),
    }


def _revocation_facts(answer: StatusAnswer) -> dict[str, Any]:
    revoked_at = answer.revoked_at.isoformat() if answer.revoked_at else None
    return {"status": answer.status, "revoked_at": revoked_at, "evidence": dict(answer.evidence)}


def _rejected(code: str, digest: str, error: Invalid | None = None) -> Examination:
    facts: dict[str, Any] = {"digest": digest, "assurance": "none"}
    if error is not None:
        facts["problem"] = error.params.get("problem", error.code)
    return Examination(
        Finding(check=CHECK, outcome="fail", reasons=(Reason(code=code, outcome="fail"),), facts=facts)
    )
