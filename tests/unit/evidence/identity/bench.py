"""One card to sign with and one authority to believe."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from ryoji.evidence.finding import Finding
from ryoji.evidence.identity import CardSignature, ExpectedPerson, Trust, digest, verify
from tests.unit.evidence.identity.authority import NOW, Issuer, Profile, Register, sign

DOCUMENT = {"case_id": "01J00000000000000000000000", "applicant": {"name": "山田花子"}, "fee": 15900}
HANAKO = ExpectedPerson(
    name="山田 花子", birth_date=date(1990, 1, 2), sex="F", address="東京都千代田区丸の内9-9-9"
)


@dataclass
class Bench:
    """A test changes what it is about; the rest is right."""

    key: rsa.RSAPrivateKey
    issuer: Issuer
    register: Register = field(default_factory=Register)

    def sign(
        self, document: dict[str, Any] = DOCUMENT, profile: Profile | None = None, **parts: Any
    ) -> CardSignature:
        certificate = self.issuer.issue(self.key, profile)
        return as_signature(sign(self.key, certificate, bytes.fromhex(digest(document)), **parts))

    def verify(self, signature: CardSignature, expected: ExpectedPerson = HANAKO, **changes: Any) -> Finding:
        at = changes.get("at", NOW)
        return verify(signature, changes.get("document", DOCUMENT), expected, trust=self.trust, at=at)

    @property
    def trust(self) -> Trust:
        return Trust((self.issuer.der,), self.register)


def as_signature(der: bytes) -> CardSignature:
    return CardSignature(format="cms", value=base64.b64encode(der).decode())
