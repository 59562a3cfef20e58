"""A ministry's CA and a signer with keys in memory, a permission, and its seal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ryoji.issuance import certificates, trust, vdsnc
from ryoji.issuance.certificates import Certificate, Revoked
from ryoji.issuance.issued import Issued
from ryoji.issuance.seal_profile import SealRules, message_of

ROOT = Path(__file__).parents[3]
RULES = SealRules.model_validate(
    yaml.safe_load((ROOT / "procedures" / "rules" / "seals.yaml").read_text(encoding="utf-8"))
)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
VISA = Issued(
    kind="visa",
    number="EV26ABCD1234",
    surname="ERIKSSON",
    given_names="ANNA MARIA",
    passport_number="L898902C3",
    birth_date="1974-08-12",
    nationality="UTO",
    sex="F",
    place_of_issue="SHANGHAI",
    valid_from=date(2026, 12, 1),
    valid_until=date(2027, 2, 28),
    type="TOURISM",
    stay_days=15,
)


class MemoryKey:
    """A P-256 key in memory, as KMS signs."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, digest: bytes) -> bytes:
        return self.key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256())))


class Ministry:
    """A CA with one signer."""

    def __init__(self, rules: SealRules = RULES, now: datetime = NOW) -> None:
        self.rules, self.now = rules, now
        self.ca_key, self.signer_key = MemoryKey(), MemoryKey()
        self.ca = certificates.read_certificate(certificates.make_authority(self.ca_key, rules, 1, now))
        self.signer = self.certify(self.signer_key, 2)
        self.revoked: tuple[Revoked, ...] = ()

    def certify(self, key: MemoryKey, serial: int) -> Certificate:
        made = certificates.make_signer(key, self.ca, self.ca_key, self.rules, serial, self.now)
        return certificates.read_certificate(made)

    def authority(self) -> trust.Authority:
        made = certificates.make_revocations(self.ca, self.ca_key, self.revoked, self.rules, 1, self.now)
        return trust.Authority(self.rules.state, self.ca, certificates.read_revocations(made))

    def trust(self) -> trust.Trust:
        return trust.Trust((self.authority(),), issued=self.now)

    def list(self) -> str:
        return trust.published([self.authority()], self.ca_key, [self.signer], self.rules, self.now)

    def seal(self, issued: Issued = VISA, **other: Any) -> str:
        message = message_of(issued, self.rules)
        given: dict[str, Any] = {
            "kind": self.rules.type_of(issued.kind),
            "version": 1,
            "state": self.rules.state,
            "message": message,
            "certificate": self.signer.der,
            "signer": self.signer_key,
        }
        return vdsnc.write(**{**given, **other})


@cache
def ministry() -> Ministry:
    """One for all tests that do not change it."""
    return Ministry()


def sample(name: str) -> str:
    """A published seal: tests/data/vdsnc/ORIGIN.md."""
    return (ROOT / "tests" / "data" / "vdsnc" / f"{name}.json").read_text(encoding="utf-8").strip()


def rewritten(text: str, change: dict[str, Any]) -> str:
    """A seal with other members in its header."""
    whole = json.loads(text)
    whole["data"]["hdr"].update(change)
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False)


AUTHORIZATION = replace(VISA, kind="authorization", number="TA26ABCD1234", entries=None, stay_days=None)
