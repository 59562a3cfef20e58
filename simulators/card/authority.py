"""The simulated authority: a root, the certificates that it issued, and what it answers about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp

from simulators.card import profile
from simulators.card.people import CertificateState, Person
from simulators.card.store import Store

OcspBehaviour = Literal["ok", "down", "slow", "try_later", "stale", "forged"]

# How long before the sandbox's first start a certificate was issued: every one is at most five years valid.
_ISSUED_BEFORE: dict[CertificateState, timedelta] = {"expired": timedelta(days=6 * 366)}
_ISSUED_LATELY = timedelta(days=90)
_REVOKED_BEFORE = timedelta(days=30)


class Authority:
    """Keys and certificates are made at the first start and kept in the store."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._root_key = self._key("root")
        self.root = self._certificate("root", lambda: profile.root_certificate(self._root_key, clock()))
        self._responder_key = self._key("responder")
        self._responder = self._certificate("responder", self._issue_responder)

    def card_of(self, person: Person) -> tuple[rsa.RSAPrivateKey, x509.Certificate] | None:
        """The key and certificate in a person's card, issued now if not yet; None below the age for one."""
        if person.certificate == "none":
            return None
        with self._store.lock:
            key = self._key(person.id)
            certificate = self._certificate(person.id, lambda: self._issue(person, key))
            self._register(person, certificate)
            return key, certificate

    def set_status(self, person: Person, status: str) -> None:
        """`good`, `revoked` (as of now) or `unknown` from now on."""
        card = self.card_of(person)
        if card is None:
            return
        revoked_at = self._clock().isoformat() if status == "revoked" else None
        self._store.put("certificates", _serial(card[1]), {"status": status, "revoked_at": revoked_at})

    def root_pem(self) -> bytes:
        """What a relying party pins."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    def crl(self) -> bytes:
        """The list of revoked certificates, DER, good for a day."""
        now = self._clock()
        builder = x509.CertificateRevocationListBuilder().issuer_name(profile.AUTHORITY)
        builder = builder.last_update(now).next_update(now + timedelta(days=1))
        for serial, entry in self._store.get("authority", "issued", {}).items():
            known = self._store.get("certificates", serial, entry)
            if known["status"] != "revoked":
                continue
            revoked = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
            builder = builder.add_revoked_certificate(
                revoked.revocation_date(datetime.fromisoformat(known["revoked_at"])).build()
            )
        return builder.sign(self._root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def answer(self, der: bytes, behaviour: OcspBehaviour) -> bytes:
        """The answer (DER) to an OCSP request; `stale` is a week old, `forged` has a spoilt signature."""
        try:
            request = ocsp.load_der_ocsp_request(der)
        except (
            ValueError,
            NotImplementedError,
        ):  # the library reads one question a request, as our side asks
            return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if behaviour == "try_later":
            return _refusal(ocsp.OCSPResponseStatus.TRY_LATER)
        if request.issuer_key_hash != self._root_key_hash(request.hash_algorithm):
            return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        age = timedelta(days=7 if behaviour == "stale" else 0)
        response = self._about(request, self._clock() - age).sign(self._responder_key, hashes.SHA256())
        answer = response.public_bytes(serialization.Encoding.DER)
        return _forged(answer, response.signature) if behaviour == "forged" else answer

    def _about(self, request: ocsp.OCSPRequest, this_update: datetime) -> ocsp.OCSPResponseBuilder:
        entry = self._store.get("certificates", f"{request.serial_number:x}", {"status": "unknown"})
        revoked_at = entry.get("revoked_at")
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=request.issuer_name_hash,
            issuer_key_hash=request.issuer_key_hash,
            serial_number=request.serial_number,
            algorithm=request.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus[entry["status"].upper()],
            this_update=this_update,
            next_update=this_update + timedelta(hours=1),
            revocation_time=datetime.fromisoformat(revoked_at) if revoked_at else None,
            revocation_reason=x509.ReasonFlags.affiliation_changed if revoked_at else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self._responder)
        builder = builder.certificates([self._responder])
        try:
            nonce = request.extensions.get_extension_for_class(x509.OCSPNonce).value
        except x509.ExtensionNotFound:
            return builder
        return builder.add_extension(nonce, critical=False)

    def _root_key_hash(self, algorithm: hashes.HashAlgorithm) -> bytes:
        bits = self._root_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.PKCS1
        )
        digest = hashes.Hash(algorithm)
        digest.update(bits)
        return digest.finalize()

    def _issue(self, person: Person, key: rsa.RSAPrivateKey) -> x509.Certificate:
        issued = self._clock() - _ISSUED_BEFORE.get(person.certificate, _ISSUED_LATELY)
        opaque_id = f"{x509.random_serial_number():x}"[:26].upper()
        return profile.signature_certificate(person, key, self._root_key, issued, opaque_id)

    def _issue_responder(self) -> x509.Certificate:
        return profile.responder_certificate(self._responder_key, self.root, self._root_key, self._clock())

    def _register(self, person: Person, certificate: x509.Certificate) -> None:
        """Note the first status of a new certificate; later changes are the operator's."""
        serial = _serial(certificate)
        if self._store.get("certificates", serial, None) is not None:
            return
        status = person.certificate if person.certificate in ("revoked", "unknown") else "good"
        revoked_at = (self._clock() - _REVOKED_BEFORE).isoformat() if status == "revoked" else None
        entry = {"status": status, "revoked_at": revoked_at}
        self._store.put("certificates", serial, entry)
        issued = self._store.get("authority", "issued", {})
        self._store.put("authority", "issued", {**issued, serial: entry})

    def _key(self, name: str) -> rsa.RSAPrivateKey:
        pem = self._store.read(f"{name}.key.pem")
        if pem is None:
            pem = profile.new_key().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            self._store.write(f"{name}.key.pem", pem)
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    def _certificate(self, name: str, issue: Callable[[], x509.Certificate]) -> x509.Certificate:
        pem = self._store.read(f"{name}.pem")
        if pem is None:
            pem = issue().public_bytes(serialization.Encoding.PEM)
            self._store.write(f"{name}.pem", pem)
        return x509.load_pem_x509_certificate(pem)


def _serial(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"


def _forged(answer: bytes, signature: bytes) -> bytes:
    return answer.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1]))


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(serialization.Encoding.DER)
