"""The profile of the signature certificate (reference japan.md §2.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from ryoji.errors import Invalid
from ryoji.evidence.identity.certificate import BirthDate, read_certificate
from tests.unit.evidence.identity.authority import LOGIN_POLICY, OIDS, Issuer, Profile, new_key, usage


def problem_of(issuer: Issuer, key: rsa.RSAPrivateKey, profile: Profile) -> str:
    with pytest.raises(Invalid, match="card_certificate_profile") as caught:
        read_certificate(issuer.issue(key, profile).public_bytes(Encoding.DER))
    return caught.value.params["problem"]


def test_the_four_attributes_are_read(issuer: Issuer, card_key: rsa.RSAPrivateKey) -> None:
    attributes = read_certificate(issuer.issue(card_key).public_bytes(Encoding.DER)).attributes
    assert attributes.name == "山田　花子"
    assert attributes.sex == "F"
    assert attributes.birth_date == BirthDate(1990, 1, 2)
    assert attributes.address == "東京都千代田区丸の内九丁目9番9号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("419900102", "1990-01-02"),
        ("520200102", "2020-01-02"),
        ("400000000", "XXXX-XX-XX"),
        ("319550000", "1955-XX-XX"),
    ],
)
def test_birth_dates_may_be_known_in_part(text: str, expected: str) -> None:
    assert BirthDate.from_card(text).text == expected


@pytest.mark.parametrize(
    "text", ["", "41990010", "4199001023", "41990-1-2", "419901302", "419900142", "４１９９００１０２"]
)
def test_other_birth_dates_are_not_the_profile(text: str) -> None:
    with pytest.raises(Invalid):
        BirthDate.from_card(text)


WRONG = [
    (replace(Profile(), policy=LOGIN_POLICY), "policy"),
    (replace(Profile(), usage_critical=False), "key_usage"),
    (replace(Profile(), usage=usage(content_commitment=False)), "key_usage"),
    (replace(Profile(), usage=usage(key_cert_sign=True)), "key_usage"),
    (Profile().with_person(_1=" "), "name"),
    (Profile().with_person(_3="9"), "sex"),
    (Profile().with_person(_4="19900102"), "birth_date"),
    (replace(Profile(), names=[x509.DNSName("example.jp")]), "attributes"),
    (replace(Profile(), names=[*Profile().other_names(), *Profile().other_names()[:1]]), "attributes"),
    (
        replace(
            Profile(), names=[x509.OtherName(x509.ObjectIdentifier(f"{OIDS}.1"), core.Integer(1).dump())]
        ),
        "attributes",
    ),
]


@pytest.mark.parametrize(("profile", "problem"), WRONG)
def test_another_kind_of_certificate_is_refused(
    issuer: Issuer, card_key: rsa.RSAPrivateKey, profile: Profile, problem: str
) -> None:
    assert problem_of(issuer, card_key, profile) == problem


def test_a_short_key_is_refused(issuer: Issuer) -> None:
    assert problem_of(issuer, new_key(1024), Profile()) == "key"
