"""Is this seal true? What was checked, what was not, and the first thing that is wrong (statuses: travel.md §2.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from ryoji.errors import Invalid
from ryoji.issuance.certificates import SIGNER_USE, Certificate, is_made_by, names_authority, read_certificate
from ryoji.issuance.seal_profile import SealRules, elements_of, has_profile, validity_on
from ryoji.issuance.trust import Authority, Trust, fingerprint
from ryoji.issuance.vdsnc import Seal, is_signed, read

Status = Literal[
    "VALID",
    "READ_ERROR",
    "WRONG_FORMAT",
    "UNKNOWN_CERTIFICATE",
    "UNTRUSTED_CERTIFICATE",
    "INVALID_DOCUMENTTYPE",
    "EXPIRED_CERTIFICATE",
    "REVOKED_CERTIFICATE",
    "INVALID_SIGNATURE",
]
Outcome = Literal["pass", "fail", "not_checked"]
CHECKS = ("format", "chain", "document_type", "validity", "revocation", "signature", "content")
Answer = Literal["active", "revoked", "cancelled", "used", "expired", "replaced", "unknown", "not_checked"]


class PermissionStatus(Protocol):
    """Where it is known what became of a permission after it was issued."""

    def status_of(self, number: str) -> Answer:
        """The state of the permission of that number; `not_checked` when nobody could be asked."""
        ...


@dataclass(frozen=True)
class Verdict:
    """What a verification found. `content` is by plain names for our profiles, and as it stands for others.

    `checks` has each name of CHECKS; `warnings`: UNKNOWN_FEATURE (a type or members that are not ours),
    STALE_REVOCATION_LIST, NO_REVOCATION_LIST.
    """

    status: Status
    checks: dict[str, Outcome]
    warnings: tuple[str, ...] = ()
    type: str | None = None
    state: str | None = None
    content: dict[str, Any] = field(default_factory=dict)
    validity: Literal["not_yet", "current", "past", "not_checked"] = "not_checked"
    signer: str | None = None


def verify(text: str | bytes, trust: Trust, rules: SealRules, now: datetime) -> Verdict:
    """Verify a seal; never raises for what a stranger may have written."""
    checks: dict[str, Outcome] = dict.fromkeys(CHECKS, "not_checked")
    try:
        seal = read(text)
        certificate = read_certificate(seal.certificate)
    except Invalid as error:
        checks["format"] = "fail"
        return Verdict("READ_ERROR" if error.code == "seal_read_error" else "WRONG_FORMAT", checks)
    checks["format"] = "pass"
    status, warnings = _judged(seal, certificate, _Standing(trust, rules, now), checks)
    ours = seal.type in rules.profiles and seal.state == rules.state
    if ours and status == "VALID":
        status = _content(seal, rules, checks)
    if seal.type not in rules.profiles:
        warnings = (*warnings, "UNKNOWN_FEATURE")
    readable = ours and has_profile(seal.message, rules)
    return Verdict(
        status=status,
        checks=checks,
        warnings=warnings,
        type=seal.type,
        state=seal.state,
        content=elements_of(seal.message, rules) if readable else seal.message,
        validity=validity_on(seal.message, rules, now) if readable else "not_checked",
        signer=fingerprint(certificate.der),
    )


def told(verdict: Verdict, trust: Trust, permission: Answer, now: datetime) -> dict[str, Any]:
    """A verdict as JSON has it, without words; `permission` is what the register said: docs/seals.md."""
    issued = trust.issued
    return {
        "status": verdict.status,
        "checks": verdict.checks,
        "not_checked": _not_checked(verdict, permission),
        "warnings": list(verdict.warnings),
        "type": verdict.type,
        "state": verdict.state,
        "content": verdict.content,
        "validity": verdict.validity,
        "permission": permission,
        "signer": verdict.signer,
        "trust_list": {
            "issued": issued.isoformat() if issued else None,
            "age_seconds": max(0, int((now - issued).total_seconds())) if issued else None,
        },
        "verified_at": now.isoformat(),
    }


def _not_checked(verdict: Verdict, permission: Answer) -> list[str]:
    """What nobody looked at. Whether the bearer is the holder no seal can say."""
    left = [name for name, outcome in verdict.checks.items() if outcome == "not_checked"]
    return [*left, *(["permission"] if permission == "not_checked" else []), "holder"]


@dataclass(frozen=True)
class _Standing:
    trust: Trust
    rules: SealRules
    now: datetime


def _judged(
    seal: Seal, certificate: Certificate, standing: _Standing, checks: dict[str, Outcome]
) -> tuple[Status, tuple[str, ...]]:
    """The first thing that is wrong; the signature is checked in any case: it says whether bytes changed."""
    signed = is_signed(seal.signed, seal.algorithm, seal.signature, certificate.public_key)
    checks["signature"] = "pass" if signed else "fail"
    authority, chain = _chain(seal, certificate, standing)
    if chain != "VALID":
        checks["chain"] = "fail"
        return chain, ()
    checks["chain"] = "pass"
    if not _document_type(seal, certificate, standing.rules, checks):
        return "INVALID_DOCUMENTTYPE", ()
    if not _in_time(certificate, authority, standing.now):
        checks["validity"] = "fail"
        return "EXPIRED_CERTIFICATE", ()
    checks["validity"] = "pass"
    revoked, warnings = _revocation(certificate, authority, standing.now)
    checks["revocation"] = revoked
    if revoked == "fail":
        return "REVOKED_CERTIFICATE", warnings
    return ("VALID" if signed else "INVALID_SIGNATURE"), warnings


def _chain(seal: Seal, certificate: Certificate, standing: _Standing) -> tuple[Authority | None, Status]:
    """The authority behind a signer, or None for one that is named by itself."""
    named = dict(standing.trust.named)
    if fingerprint(certificate.der) in named:
        believed = named[fingerprint(certificate.der)] == seal.state
        return None, "VALID" if believed and _has_use(certificate) else "UNTRUSTED_CERTIFICATE"
    candidates = [
        each for each in standing.trust.authorities if names_authority(certificate, each.certificate)
    ]
    if not candidates:
        return None, "UNKNOWN_CERTIFICATE"
    for authority in candidates:
        fits = authority.state == seal.state and _has_use(certificate) and not certificate.is_authority
        if fits and authority.certificate.is_authority and is_made_by(certificate, authority.certificate):
            return authority, "VALID"
    return None, "UNTRUSTED_CERTIFICATE"


def _has_use(certificate: Certificate) -> bool:
    # Not every published certificate marks the use as critical; that it is this use and no other is what counts.
    return certificate.uses == (SIGNER_USE,)


def _document_type(
    seal: Seal, certificate: Certificate, rules: SealRules, checks: dict[str, Outcome]
) -> bool:
    profile = rules.profiles.get(seal.type)
    if profile is None:
        return True
    right = profile.document_type in certificate.document_types and profile.version == seal.version
    checks["document_type"] = "pass" if right else "fail"
    return right


def _in_time(certificate: Certificate, authority: Authority | None, now: datetime) -> bool:
    chain = [certificate, *([authority.certificate] if authority else [])]
    return all(each.not_before <= now <= each.not_after for each in chain)


def _revocation(
    certificate: Certificate, authority: Authority | None, now: datetime
) -> tuple[Outcome, tuple[str, ...]]:
    if authority is None or authority.revocations is None:
        return "not_checked", ("NO_REVOCATION_LIST",)
    if not is_made_by(authority.revocations, authority.certificate):
        return "not_checked", ("NO_REVOCATION_LIST",)
    # Being on an old list is still being revoked; not being on one says nothing about what came after.
    if any(entry.serial == certificate.serial for entry in authority.revocations.revoked):
        return "fail", ()
    if now > authority.revocations.next_update:
        return "not_checked", ("STALE_REVOCATION_LIST",)
    return "pass", ()


def _content(seal: Seal, rules: SealRules, checks: dict[str, Outcome]) -> Status:
    right = has_profile(seal.message, rules)
    checks["content"] = "pass" if right else "fail"
    return "VALID" if right else "WRONG_FORMAT"
