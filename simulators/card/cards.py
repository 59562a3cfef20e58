"""The cards: a PIN that locks, and a signature."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.card.authority import Authority
from simulators.card.people import Person
from simulators.card.serving import Mistake
from simulators.card.store import Store

Tampering = Literal["none", "signature", "digest"]

TRIES = 5


class Cards:
    """Every person's card. Wrong tries are remembered over a restart."""

    def __init__(
        self, store: Store, authority: Authority, people: Iterable[Person], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._authority = authority
        self._clock = clock
        self.people = {person.id: person for person in people}

    def person(self, person_id: object) -> Person:
        """Raises a 404 mistake."""
        person = self.people.get(person_id) if isinstance(person_id, str) else None
        if person is None:
            raise Mistake(404, "person_unknown")
        return person

    def tries_left(self, person: Person) -> int:
        """How many wrong PINs until the card locks."""
        return TRIES - int(self._store.get("wrong_pins", person.id, 0))

    def unlock(self, person: Person) -> None:
        """What the counter of the municipality does in life."""
        self._store.put("wrong_pins", person.id, 0)

    def sign(self, person: Person, pin: str, digest: bytes, tampering: Tampering = "none") -> str:
        """Base64 of the detached CMS over a SHA-256 digest; mistakes: `locked`, `pin_wrong`, `no_certificate`."""
        self._enter_pin(person, pin)
        card = self._authority.card_of(person)
        if card is None:
            raise Mistake(409, "no_certificate")
        key, certificate = card
        if tampering == "digest":
            digest = hmac.digest(b"another document", digest, "sha256")
        der = signed_data(key, certificate, digest, self._clock(), spoil=tampering == "signature")
        return base64.b64encode(der).decode("ascii")

    def _enter_pin(self, person: Person, pin: str) -> None:
        with self._store.lock:
            left = self.tries_left(person)
            if left <= 0:
                raise Mistake(423, "locked", tries_left=0)
            # The card knows capitals only; the software of real cards raises what is typed, too.
            if hmac.compare_digest(pin.upper().encode(), person.pin.encode()):
                self.unlock(person)
                return
            self._store.put("wrong_pins", person.id, TRIES - left + 1)
        if left == 1:
            raise Mistake(423, "locked", tries_left=0)
        raise Mistake(403, "pin_wrong", tries_left=left - 1)


def signed_data(
    key: rsa.RSAPrivateKey, certificate: x509.Certificate, digest: bytes, at: datetime, *, spoil: bool = False
) -> bytes:
    """Detached SignedData (RFC 5652) with content type, message digest and signing time; `spoil` breaks it."""
    leaf = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    attributes = _signed_attributes(digest, at)
    signature = key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    if spoil:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": leaf.issuer, "serial_number": leaf.serial_number}},
        "digest_algorithm": sha256,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
        "signature": signature,
    }
    content: dict[str, Any] = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
        "certificates": [leaf],
        "signer_infos": [signer],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump())


def _signed_attributes(digest: bytes, at: datetime) -> Any:
    moment = cms.Time({"utc_time": core.UTCTime(at.replace(microsecond=0))})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [moment]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
        ]
    )
