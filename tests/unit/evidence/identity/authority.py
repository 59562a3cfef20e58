"""A small card authority for the tests: it can also issue what a real one never would."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from ryoji.partners.certificate_status import StatusAnswer

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
YEAR = timedelta(days=365)

OIDS = "1.2.392.200149.8.5.5"
SIGNATURE_POLICY = "1.2.392.200149.8.5.1.1.20"
LOGIN_POLICY = "1.2.392.200149.8.5.1.3.30"


def new_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def name(common_name: str) -> x509.Name:
    oids = x509.oid.NameOID
    return x509.Name(
        [x509.NameAttribute(oids.COUNTRY_NAME, "JP"), x509.NameAttribute(oids.COMMON_NAME, common_name)]
    )


def usage(content_commitment: bool = True, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(True, content_commitment, False, False, False, key_cert_sign, False, False, False)


@dataclass(frozen=True)
class Profile:
    """A certificate's contents; the defaults are right."""

    person: dict[int, str] = field(
        default_factory=lambda: {
            1: "山田　花子",
            2: "00000",
            3: "2",
            4: "419900102",
            5: "東京都千代田区丸の内九丁目9番9号",
            6: "0" * 17,
        }
    )
    policy: str = SIGNATURE_POLICY
    usage: x509.KeyUsage = field(default_factory=usage)
    usage_critical: bool = True
    names: list[x509.GeneralName] | None = None
    not_before: datetime = NOW - YEAR
    not_after: datetime = NOW + YEAR

    def with_person(self, **numbers: str) -> Profile:
        return replace(
            self, person={**self.person, **{int(key[1:]): value for key, value in numbers.items()}}
        )

    def other_names(self) -> list[x509.GeneralName]:
        if self.names is not None:
            return self.names
        return [
            x509.OtherName(x509.ObjectIdentifier(f"{OIDS}.{number}"), core.UTF8String(value).dump())
            for number, value in self.person.items()
        ]


@dataclass(frozen=True)
class Issuer:
    """A root with its key."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def issue(self, key: rsa.RSAPrivateKey, profile: Profile | None = None) -> x509.Certificate:
        profile = profile or Profile()
        builder = _builder(
            self.certificate.subject, name("0123456789"), key, profile.not_before, profile.not_after
        )
        builder = builder.add_extension(profile.usage, critical=profile.usage_critical)
        policy = x509.PolicyInformation(x509.ObjectIdentifier(profile.policy), None)
        builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=True)
        builder = builder.add_extension(x509.SubjectAlternativeName(profile.other_names()), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def root(
    key: rsa.RSAPrivateKey, common_name: str = "Test root", not_after: datetime = NOW + 10 * YEAR
) -> Issuer:
    subject = name(common_name)
    builder = _builder(subject, subject, key, NOW - 10 * YEAR, not_after)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Issuer(key, builder.sign(key, hashes.SHA256()))


def _builder(
    issuer: x509.Name, subject: x509.Name, key: rsa.RSAPrivateKey, not_before: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().issuer_name(issuer).subject_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(not_before).not_valid_after(not_after)


def sign(
    key: rsa.RSAPrivateKey,
    certificate: x509.Certificate,
    digest: bytes,
    *,
    attributes: list[dict[str, Any]] | None = None,
    signer: dict[str, Any] | None = None,
    content: dict[str, Any] | None = None,
) -> bytes:
    """A detached SignedData (DER); the last three replace parts of a right one."""
    leaf = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    right = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [digest]},
        {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(NOW)})]},
    ]
    signed = cms.CMSAttributes([cms.CMSAttribute(attribute) for attribute in (attributes or right)])
    info = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": leaf.issuer, "serial_number": leaf.serial_number}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": signed,
        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
        "signature": key.sign(signed.dump(), padding.PKCS1v15(), hashes.SHA256()),
        **(signer or {}),
    }
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [leaf],
        "signer_infos": [info],
        **(content or {}),
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump())


@dataclass
class Register:
    """A status port that answers as told, and remembers what it was asked."""

    answer: StatusAnswer = field(default_factory=lambda: StatusAnswer("good", evidence={"source": "test"}))
    asked: list[tuple[bytes, datetime]] = field(default_factory=list)

    def status(self, certificate: bytes, at: datetime) -> StatusAnswer:
        self.asked.append((certificate, at))
        return self.answer
