"""How the simulated authority fills in its certificates: the real profile's OIDs, its own simulated names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from asn1crypto.core import UTF8String
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.card.people import Person

_POLICY = x509.ObjectIdentifier("1.2.392.200149.8.5.1.1.20")
_ATTRIBUTES = "1.2.392.200149.8.5.5"
_SEXES = {"M": "1", "F": "2"}
# Era digits 1 to 3 are [K] in the reference.
_ERAS = (
    (date(2019, 5, 1), "5"),
    (date(1989, 1, 8), "4"),
    (date(1926, 12, 25), "3"),
    (date(1912, 7, 30), "2"),
)

_ORGANIZATION = "JPKI (simulated)"
_UNIT = "JPKI for digital signature (simulated)"

AUTHORITY = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNIT),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Sandbox: not a real authority"),
    ]
)

_RESPONDER = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
        x509.NameAttribute(NameOID.COMMON_NAME, "OCSP responder (simulated)"),
    ]
)


def new_key() -> rsa.RSAPrivateKey:
    """RSA-2048 with exponent 65537."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def root_certificate(key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    """The self-signed root: from ten years ago, so that even the expired card was once issued in its time."""
    builder = _builder(AUTHORITY, key.public_key(), now - timedelta(days=3653), now + timedelta(days=3653))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def responder_certificate(
    key: rsa.RSAPrivateKey, root: x509.Certificate, root_key: rsa.RSAPrivateKey, now: datetime
) -> x509.Certificate:
    """The root's delegate for OCSP answers (RFC 6960 §4.2.2.2)."""
    builder = _builder(_RESPONDER, key.public_key(), now - timedelta(days=1), root.not_valid_after_utc)
    builder = builder.add_extension(_usage(digital_signature=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return builder.sign(root_key, hashes.SHA256())


def signature_certificate(
    person: Person, key: rsa.RSAPrivateKey, root_key: rsa.RSAPrivateKey, issued: datetime, opaque_id: str
) -> x509.Certificate:
    """A person's signature certificate, valid until the fifth birthday after its issue (japan.md §2.2)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, person.prefecture),
            x509.NameAttribute(NameOID.LOCALITY_NAME, person.municipality),
            x509.NameAttribute(NameOID.COMMON_NAME, opaque_id),
        ]
    )
    builder = _builder(subject, key.public_key(), issued, _fifth_birthday(person.birth_date, issued))
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    builder = builder.add_extension(
        x509.CertificatePolicies([x509.PolicyInformation(_POLICY, None)]), critical=True
    )
    builder = builder.add_extension(x509.SubjectAlternativeName(_other_names(person)), critical=False)
    builder = builder.add_extension(_distribution_point(person), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
    )
    return builder.sign(root_key, hashes.SHA256())


def _builder(
    subject: x509.Name, key: rsa.RSAPublicKey, not_before: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().issuer_name(AUTHORITY).subject_name(subject).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(not_before.replace(microsecond=0)).not_valid_after(
        not_after.replace(microsecond=0)
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(
    *, digital_signature: bool = False, content_commitment: bool = False, certificates: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _other_names(person: Person) -> list[x509.GeneralName]:
    values = {
        1: person.name,
        2: "0" * len(person.name),
        3: _SEXES[person.sex],
        4: _era_date(person.birth_date),
        5: person.address,
        6: "0" * len(person.address),
    }
    return [
        x509.OtherName(x509.ObjectIdentifier(f"{_ATTRIBUTES}.{number}"), UTF8String(value).dump())
        for number, value in values.items()
    ]


def _era_date(birth: date) -> str:
    era = next((digit for start, digit in _ERAS if birth >= start), "1")
    return f"{era}{birth:%Y%m%d}"


def _fifth_birthday(birth: date, issued: datetime) -> datetime:
    """The end of the day (JST) of the fifth birthday after the day of issue."""
    passed = (issued.month, issued.day) >= (birth.month, birth.day)
    year = issued.year + (5 if passed else 4)
    day = birth.replace(year=year) if (birth.month, birth.day) != (2, 29) else date(year, 2, 28)
    return datetime.combine(day, time(14, 59, 59), tzinfo=UTC)


def _distribution_point(person: Person) -> x509.CRLDistributionPoints:
    """A directory name, as the real one: the CRL's web address is not in the certificate."""
    parts = [
        (NameOID.COUNTRY_NAME, "JP"),
        (NameOID.ORGANIZATION_NAME, _ORGANIZATION),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, _UNIT),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "CRL Distribution Points"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, person.prefecture),
        (NameOID.COMMON_NAME, person.municipality),
    ]
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    point = x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)
    return x509.CRLDistributionPoints([point])
