"""The signature certificate (署名用電子証明書): its profile, and the four attributes that it carries.

Profile: reference japan.md §2.1 (JPKI Act; J-LIS profile as cited there). The subject is an opaque number; the
person stands in `subjectAltName` as otherNames. The My Number is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ryoji.errors import Invalid

if TYPE_CHECKING:
    from cryptography import x509

Sex = Literal["M", "F", "X"]

SIGNATURE_POLICY = "1.2.392.200149.8.5.1.1.20"
NAME = "1.2.392.200149.8.5.5.1"
NAME_SUBSTITUTES = "1.2.392.200149.8.5.5.2"
SEX = "1.2.392.200149.8.5.5.3"
BIRTH_DATE = "1.2.392.200149.8.5.5.4"
ADDRESS = "1.2.392.200149.8.5.5.5"
ADDRESS_SUBSTITUTES = "1.2.392.200149.8.5.5.6"

# "2" and "3" are [K] in the reference: only "1" was found in a source.
_SEXES: dict[str, Sex] = {"1": "M", "2": "F", "3": "X"}

_SHA256_WITH_RSA = "1.2.840.113549.1.1.11"
_LEAST_KEY_BITS = 2048  # JPKI Ordinance art 2
_EXPONENT = 65537


@dataclass(frozen=True)
class BirthDate:
    """A birth date of which the register may not know every part: a part that is unknown is None."""

    year: int | None
    month: int | None
    day: int | None

    @classmethod
    def from_card(cls, text: str) -> BirthDate:
        """Read `EYYYYMMDD`: an era digit, then the Gregorian date, zeros where unknown (japan.md §2.1)."""
        match = re.fullmatch(r"[0-9]([0-9]{4})([0-9]{2})([0-9]{2})", text)
        if match is None:
            raise _not_the_profile("birth_date")
        year, month, day = (int(part) or None for part in match.groups())
        if (month or 1) > 12 or (day or 1) > 31:
            raise _not_the_profile("birth_date")
        return cls(year, month, day)

    @property
    def text(self) -> str:
        """ISO date; unknown parts as `XX`, the way ICAO Doc 9303-3 prints them."""
        year = f"{self.year:04d}" if self.year else "XXXX"
        month = f"{self.month:02d}" if self.month else "XX"
        day = f"{self.day:02d}" if self.day else "XX"
        return f"{year}-{month}-{day}"


@dataclass(frozen=True)
class CardAttributes:
    """The four attributes (基本4情報). Substitutes: one digit a character, "1" where the card could not show the
    register's own character and shows another (the digits' meaning is [K])."""

    name: str
    sex: Sex
    birth_date: BirthDate
    address: str
    name_substitutes: str = ""
    address_substitutes: str = ""

    def facts(self) -> dict[str, str]:
        """As a finding keeps them (encrypted at rest, with the case)."""
        return {
            "name": self.name,
            "sex": self.sex,
            "birth_date": self.birth_date.text,
            "address": self.address,
            "name_substitutes": self.name_substitutes,
            "address_substitutes": self.address_substitutes,
        }


@dataclass(frozen=True)
class SignatureCertificate:
    """A certificate that has the profile. Says nothing yet of who issued it or whether it has lapsed."""

    attributes: CardAttributes
    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime


def load_certificate(der: bytes) -> x509.Certificate:
    """Parse DER; raises `Invalid("card_certificate_unreadable")`."""
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = (certificate.issuer, certificate.subject, certificate.extensions, certificate.public_key())
    except _parse_errors() as error:
        raise Invalid("card_certificate_unreadable") from error
    return certificate


def read_certificate(der: bytes) -> SignatureCertificate:
    """Read a signature certificate; raises `Invalid("card_certificate_profile", problem=…)` for any other kind."""
    certificate = load_certificate(der)
    _require_key(certificate)
    _require_use(certificate)
    names = _other_names(certificate)
    attributes = CardAttributes(
        name=_needed(names, NAME, "name"),
        sex=_sex(_needed(names, SEX, "sex")),
        birth_date=BirthDate.from_card(_needed(names, BIRTH_DATE, "birth_date")),
        address=names.get(ADDRESS, ""),
        name_substitutes=names.get(NAME_SUBSTITUTES, ""),
        address_substitutes=names.get(ADDRESS_SUBSTITUTES, ""),
    )
    return SignatureCertificate(
        attributes=attributes,
        serial=f"{certificate.serial_number:x}",
        issuer=certificate.issuer.rfc4514_string(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def issuer_among(
    certificate: x509.Certificate, anchors: Iterable[bytes], at: datetime
) -> x509.Certificate | None:
    """The pinned root (DER) that issued this certificate itself and was valid then, or None.

    The real roots issue leaves directly, so there is no path to build: an intermediate is a stranger's.
    """
    from cryptography.exceptions import InvalidSignature

    for der in anchors:
        root = load_certificate(der)
        if not root.not_valid_before_utc <= at <= root.not_valid_after_utc:
            continue
        try:
            certificate.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return root
    return None


def _require_key(certificate: x509.Certificate) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _LEAST_KEY_BITS:
        raise _not_the_profile("key")
    if key.public_numbers().e != _EXPONENT:
        raise _not_the_profile("key")
    if certificate.signature_algorithm_oid.dotted_string != _SHA256_WITH_RSA:
        raise _not_the_profile("signature_algorithm")


def _require_use(certificate: x509.Certificate) -> None:
    """The policy tells the signature certificate from the one for logging in, which must not sign."""
    from cryptography import x509

    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage)
        policies = extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound as error:
        raise _not_the_profile("extensions") from error
    if not (usage.critical and usage.value.digital_signature and usage.value.content_commitment):
        raise _not_the_profile("key_usage")
    if usage.value.key_cert_sign:
        raise _not_the_profile("key_usage")
    if SIGNATURE_POLICY not in {policy.policy_identifier.dotted_string for policy in policies}:
        raise _not_the_profile("policy")


def _other_names(certificate: x509.Certificate) -> dict[str, str]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise _not_the_profile("attributes") from error
    found: dict[str, str] = {}
    for name in names:
        if not isinstance(name, x509.OtherName):
            raise _not_the_profile("attributes")
        oid = name.type_id.dotted_string
        if oid in found:
            raise _not_the_profile("attributes")
        found[oid] = _utf8(name.value)
    return found


def _utf8(der: bytes) -> str:
    from asn1crypto.core import UTF8String

    try:
        return str(UTF8String.load(der, strict=True).native)
    except (ValueError, TypeError) as error:
        raise _not_the_profile("attributes") from error


def _needed(names: dict[str, str], oid: str, problem: str) -> str:
    value = names.get(oid, "").strip()
    if not value:
        raise _not_the_profile(problem)
    return value


def _sex(digit: str) -> Sex:
    if digit not in _SEXES:
        raise _not_the_profile("sex")
    return _SEXES[digit]


def _not_the_profile(problem: str) -> Invalid:
    return Invalid("card_certificate_profile", problem=problem)


def _parse_errors() -> tuple[type[Exception], ...]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    return (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    )
