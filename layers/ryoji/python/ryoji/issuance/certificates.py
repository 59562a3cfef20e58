"""Certificates of seals: the ministry's CA, minimal signer certificates, the revocation list; read and made.

Profile: travel.md §2.1 and §2.2 (ICAO Doc 9303-12 §7.1.3). A signer's certificate travels in every seal, so it holds
nothing that is not needed. Published certificates carry an explicit NULL that `cryptography` refuses, so reading is
by `asn1crypto`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ryoji.errors import Invalid
from ryoji.issuance.signer import Signer

if TYPE_CHECKING:
    from cryptography import x509

    from ryoji.issuance.seal_profile import SealRules

SIGNER_USE = "2.23.136.1.1.14.2"
AUTHORITY_USE = "2.23.136.1.1.14.1"
DOCUMENT_TYPE = "2.23.136.1.1.6.2"

Reason = Literal["key_compromise", "superseded", "cessation_of_operation"]
# A certificate is valid from a little before it was made: a verifier's clock that is slow would else take a new one for
# one that is not valid yet, and a seal is often looked at in the minute in which it was made.
SLOW_CLOCKS = timedelta(hours=1)
_HASHES = {"sha256_ecdsa": "ES256", "sha384_ecdsa": "ES384", "sha512_ecdsa": "ES512"}
# asn1crypto parses lazily and answers nonsense with any of these.
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Certificate:
    """What matters of a certificate; nothing is verified. Names are DER, keys DER SubjectPublicKeyInfo."""

    der: bytes
    serial: int
    issuer: bytes
    subject: bytes
    country: str
    not_before: datetime
    not_after: datetime
    public_key: bytes
    key_id: bytes | None
    authority_key_id: bytes | None
    uses: tuple[str, ...]
    uses_critical: bool
    is_authority: bool
    document_types: tuple[str, ...]
    signed: bytes
    algorithm: str | None
    signature: bytes


@dataclass(frozen=True)
class Revoked:
    """One line of a revocation list."""

    serial: int
    at: datetime
    reason: Reason


@dataclass(frozen=True)
class RevocationList:
    """A revocation list as read; nothing is verified."""

    der: bytes
    issuer: bytes
    this_update: datetime
    next_update: datetime
    revoked: tuple[Revoked, ...]
    signed: bytes
    algorithm: str | None
    signature: bytes


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate; raises `Invalid("seal_wrong_format")`."""
    from asn1crypto import x509

    try:
        certificate = x509.Certificate.load(der, strict=True)
        if certificate.dump() != der:
            raise ValueError("not the only encoding")
        return _certificate(der, certificate)
    except _MALFORMED as error:
        raise Invalid("seal_wrong_format") from error


def read_revocations(der: bytes) -> RevocationList:
    """Read a revocation list; raises `Invalid("seal_wrong_format")`."""
    from asn1crypto import crl

    try:
        parsed = crl.CertificateList.load(der, strict=True)
        body = parsed["tbs_cert_list"]
        entries = tuple(_revoked(entry) for entry in body["revoked_certificates"])
        return RevocationList(
            der=der,
            issuer=body["issuer"].dump(),
            this_update=body["this_update"].native,
            next_update=body["next_update"].native,
            revoked=entries,
            signed=body.dump(),
            algorithm=_algorithm(parsed["signature_algorithm"], body["signature"]),
            signature=parsed["signature"].native,
        )
    except _MALFORMED as error:
        raise Invalid("seal_wrong_format") from error


def names_authority(certificate: Certificate, authority: Certificate) -> bool:
    """Whether a certificate says that it is of this authority; that it is, `is_made_by` says."""
    return certificate.issuer == authority.subject and certificate.authority_key_id == authority.key_id


def is_made_by(made: Certificate | RevocationList, authority: Certificate) -> bool:
    """Whether the authority's key signed this; ECDSA only."""
    from ryoji.issuance.signer import raw_signature
    from ryoji.issuance.vdsnc import ALGORITHMS, is_signed

    if made.algorithm is None or made.issuer != authority.subject:
        return False
    try:
        raw = raw_signature(made.signature, ALGORITHMS[made.algorithm][0])
    except (ValueError, OverflowError):
        return False
    # Whoever hashes with SHA-384 under a P-256 key is not us.
    return is_signed(made.signed, made.algorithm, raw, authority.public_key)


def make_authority(key: Signer, rules: SealRules, serial: int, now: datetime) -> bytes:
    """The CA's certificate, signed by itself (DER)."""
    from cryptography import x509

    public = _public(key)
    life = rules.certificates.authority
    name = _name(rules.country, life.common_name)
    builder = _builder(name, name, public, serial, now, now + timedelta(days=life.days))
    usage = _key_usage(crl_sign=True, key_cert_sign=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True).add_extension(identifier, critical=False)
    use = x509.ExtendedKeyUsage([x509.ObjectIdentifier(AUTHORITY_USE)])
    return _signed(builder.add_extension(use, critical=False), key)


def make_signer(
    key: Signer, authority: Certificate, authority_key: Signer, rules: SealRules, serial: int, now: datetime
) -> bytes:
    """A signer's certificate (DER): country and two letters, EKU critical, AKI, DocumentType, and nothing else.

    Raises ValueError when it would outlive the authority, which then must be followed by another first.
    """
    from cryptography import x509

    life = rules.certificates.signer
    until = signer_until(rules, now)
    if until > authority.not_after or authority.key_id is None:
        raise ValueError("the authority ends before the certificate would")
    builder = _builder(
        _name(rules.country, life.common_name),
        x509.Name.from_bytes(authority.subject),
        _public(key),
        serial,
        now,
        until,
    )
    use = x509.ExtendedKeyUsage([x509.ObjectIdentifier(SIGNER_USE)])
    issuer = x509.AuthorityKeyIdentifier(authority.key_id, None, None)
    types = x509.UnrecognizedExtension(x509.ObjectIdentifier(DOCUMENT_TYPE), _document_types(rules))
    builder = builder.add_extension(use, critical=True).add_extension(issuer, critical=False)
    return _signed(builder.add_extension(types, critical=False), authority_key)


def make_revocations(
    authority: Certificate,
    key: Signer,
    revoked: Iterable[Revoked],
    rules: SealRules,
    number: int,
    now: datetime,
) -> bytes:
    """A revocation list (DER)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    from ryoji.issuance.remote_key import RemoteKey

    builder = x509.CertificateRevocationListBuilder().issuer_name(x509.Name.from_bytes(authority.subject))
    now = now.replace(microsecond=0)
    builder = builder.last_update(now).next_update(now + timedelta(days=rules.certificates.crl.days))
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    if authority.key_id is not None:
        identifier = x509.AuthorityKeyIdentifier(authority.key_id, None, None)
        builder = builder.add_extension(identifier, critical=False)
    for entry in sorted(revoked, key=lambda line: line.serial):
        line = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(entry.at)
        reason = x509.CRLReason(x509.ReasonFlags[entry.reason])
        builder = builder.add_revoked_certificate(line.add_extension(reason, critical=False).build())

    return builder.sign(RemoteKey(key), hashes.SHA256()).public_bytes(Encoding.DER)


def signer_until(rules: SealRules, made: datetime) -> datetime:
    """Until when a signer's certificate that is made at a moment holds: never shorter, or seals would end before the
    permissions that they are on."""
    life = rules.certificates.signer
    return made + timedelta(days=life.key_days + life.longest_permission_days)


def key_until(certificate: Certificate, rules: SealRules) -> datetime:
    """Until when a signer's key may sign; its certificate stays valid for verifying long after."""
    return certificate.not_before + timedelta(days=rules.certificates.signer.key_days)


def _certificate(der: bytes, parsed: Any) -> Certificate:
    body = parsed["tbs_certificate"]
    extensions = {extension["extn_id"].dotted: extension for extension in body["extensions"]}
    if len(extensions) != len(body["extensions"]):
        raise ValueError("an extension stands twice")
    uses = parsed.extended_key_usage_value
    basic = parsed.basic_constraints_value
    return Certificate(
        der=der,
        serial=parsed.serial_number,
        issuer=parsed.issuer.dump(),
        subject=parsed.subject.dump(),
        country=str(parsed.subject.native.get("country_name", "")),
        not_before=parsed.not_valid_before,
        not_after=parsed.not_valid_after,
        public_key=parsed.public_key.dump(),
        key_id=parsed.key_identifier,
        authority_key_id=parsed.authority_key_identifier,
        uses=tuple(use.dotted for use in uses) if uses is not None else (),
        uses_critical=bool("2.5.29.37" in extensions and extensions["2.5.29.37"]["critical"].native),
        is_authority=bool(basic is not None and basic["ca"].native),
        document_types=_read_document_types(extensions.get(DOCUMENT_TYPE)),
        signed=body.dump(),
        algorithm=_algorithm(parsed["signature_algorithm"], body["signature"]),
        signature=parsed["signature_value"].native,
    )


def _algorithm(outer: Any, inner: Any) -> str | None:
    # The outer name of the algorithm is not signed: it must repeat the inner one.
    if outer.dump() != inner.dump():
        raise ValueError("two algorithms")
    return _HASHES.get(outer["algorithm"].native)


def _revoked(entry: Any) -> Revoked:
    reason = entry.crl_reason_value.native if entry.crl_reason_value is not None else "cessation_of_operation"
    known: dict[str, Reason] = {"key_compromise": "key_compromise", "superseded": "superseded"}
    return Revoked(
        serial=entry["user_certificate"].native,
        at=entry["revocation_date"].native.astimezone(UTC),
        reason=known.get(str(reason), "cessation_of_operation"),
    )


def _document_type_list() -> Any:
    """ASN.1 `DocumentTypeListSyntax`: version 0 and a SET OF PrintableString."""
    from asn1crypto.core import Integer, PrintableString, Sequence, SetOf

    # asn1crypto carries no types.
    class _Types(SetOf):  # type: ignore[misc]  # asn1crypto has no types
        _child_spec = PrintableString

    class _Syntax(Sequence):  # type: ignore[misc]  # as above
        _fields: ClassVar[list[tuple[str, Any]]] = [("version", Integer), ("types", _Types)]

    return _Syntax


def _read_document_types(extension: Any) -> tuple[str, ...]:
    if extension is None:
        return ()
    parsed = _document_type_list().load(extension["extn_value"].native, strict=True)
    return tuple(str(kind) for kind in parsed["types"].native)


def _document_types(rules: SealRules) -> bytes:
    kinds = sorted({profile.document_type for profile in rules.profiles.values()})
    return bytes(_document_type_list()({"version": 0, "types": kinds}).dump())


def _name(country: str, common_name: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: Any, serial: int, start: datetime, until: datetime
) -> x509.CertificateBuilder:
    from cryptography import x509

    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.not_valid_before((start - SLOW_CLOCKS).replace(microsecond=0)).serial_number(serial)
    return builder.not_valid_after(until.replace(microsecond=0))


def _key_usage(*, crl_sign: bool, key_cert_sign: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _public(key: Signer) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    return load_der_public_key(key.public_key())


def _signed(builder: x509.CertificateBuilder, key: Signer) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    from ryoji.issuance.remote_key import RemoteKey

    return builder.sign(RemoteKey(key), hashes.SHA256()).public_bytes(Encoding.DER)
