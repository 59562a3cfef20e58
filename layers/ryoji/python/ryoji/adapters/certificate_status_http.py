"""Certificate status by OCSP over HTTP POST (RFC 6960, nonce RFC 9654)."""

from __future__ import annotations

import base64
import hashlib
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from ryoji.errors import Invalid
from ryoji.evidence.identity.certificate import issuer_among, load_certificate
from ryoji.partners.certificate_status import Status, StatusAnswer

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.x509.ocsp import OCSPResponse

_LARGEST_ANSWER = 64 * 1024
_SKEW = timedelta(minutes=5)
# Of an answer that names no time for the next one, and of all answers while a nonce is asked for.
_OLDEST = timedelta(hours=24)


class _Untrusted(Invalid):
    """An answer came that proves nothing; `code` says why, for the evidence."""


@dataclass(frozen=True)
class OcspCertificateStatus:
    """Asks one responder about certificates of the pinned roots (DER each).

    `clock` gives the present time (UTC), `nonce` 32 random bytes. `nonce_required`: a responder that serves
    answers made beforehand sends none back; then only their age limits a replay.
    """

    url: str
    anchors: Sequence[bytes]
    clock: Callable[[], datetime]
    nonce: Callable[[], bytes]
    timeout: float = 4.0
    nonce_required: bool = True

    def __post_init__(self) -> None:
        if urllib.parse.urlsplit(self.url).scheme not in ("http", "https"):
            raise Invalid("partner_address_wrong", partner="certificate_status")

    def status(self, certificate: bytes, at: datetime) -> StatusAnswer:
        """See the port. Evidence: the whole signed answer, its hash, and its times."""
        subject = load_certificate(certificate)
        issuer = issuer_among(subject, self.anchors, at)
        if issuer is None:
            return StatusAnswer("unknown", evidence={"problem": "issuer_not_pinned"})
        nonce = self.nonce()
        try:
            answer = self._ask(_request(subject, issuer, nonce))
            response = _trusted(answer, subject, issuer, self.clock())
            self._require_fresh(response, nonce)
        except (OSError, HTTPException) as error:
            return StatusAnswer(
                "unavailable", evidence={"problem": "no_answer", "error": type(error).__name__}
            )
        except _Untrusted as error:
            return StatusAnswer("unavailable", evidence={"problem": error.code})
        return _answer(response, answer)

    def _ask(self, request: bytes) -> bytes:
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        post = urllib.request.Request(self.url, data=request, headers=headers, method="POST")  # noqa: S310 - checked above
        with urllib.request.urlopen(post, timeout=self.timeout) as response:  # noqa: S310 - as above
            body: bytes = response.read(_LARGEST_ANSWER + 1)
        if len(body) > _LARGEST_ANSWER:
            raise _Untrusted("answer_too_large")
        return body

    def _require_fresh(self, response: OCSPResponse, nonce: bytes) -> None:
        now = self.clock()
        if response.this_update_utc > now + _SKEW or response.produced_at_utc > now + _SKEW:
            raise _Untrusted("answer_from_the_future")
        until = response.next_update_utc or response.this_update_utc + _OLDEST
        if now > until + _SKEW:
            raise _Untrusted("answer_stale")
        returned = _returned_nonce(response)
        if returned != nonce and (returned is not None or self.nonce_required):
            raise _Untrusted("nonce_differs")


def _request(subject: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509 import ocsp

    builder = ocsp.OCSPRequestBuilder()
    # SHA-1 only names the issuer here; it is the one algorithm that every responder knows (RFC 5019 §2.1.1).
    builder = builder.add_certificate(subject, issuer, hashes.SHA1())  # noqa: S303 - it only names
    builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def _trusted(der: bytes, subject: x509.Certificate, issuer: x509.Certificate, now: datetime) -> OCSPResponse:
    """The response, if it is a signed answer of the issuer, or of its delegate, about this certificate."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import ocsp

    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise _Untrusted(f"responder_{response.response_status.name.lower()}")
        _require_subject(response, subject, issuer)
        _require_signature(response, issuer, now)
    except (ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm) as error:
        raise _Untrusted("answer_malformed") from error
    return response


def _require_subject(response: OCSPResponse, subject: x509.Certificate, issuer: x509.Certificate) -> None:
    asked = _identifiers(subject, issuer)
    if (response.serial_number, response.issuer_name_hash, response.issuer_key_hash) != asked:
        raise _Untrusted("another_certificate")


def _identifiers(subject: x509.Certificate, issuer: x509.Certificate) -> tuple[int, bytes, bytes]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509 import ocsp

    request = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, hashes.SHA1()).build()  # noqa: S303 - it only names
    return request.serial_number, request.issuer_name_hash, request.issuer_key_hash


def _require_signature(response: OCSPResponse, issuer: x509.Certificate, now: datetime) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = _signer(response, issuer, now).public_key()
    algorithm = response.signature_hash_algorithm
    strong = algorithm is not None and algorithm.name in ("sha256", "sha384", "sha512")
    if algorithm is None or not strong or not isinstance(key, rsa.RSAPublicKey):
        raise _Untrusted("answer_algorithm")
    try:
        key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
    except InvalidSignature as error:
        raise _Untrusted("answer_signature_wrong") from error


def _signer(response: OCSPResponse, issuer: x509.Certificate, now: datetime) -> x509.Certificate:
    """The issuer, or a certificate that it issued itself for signing OCSP answers (RFC 6960 §4.2.2.2)."""
    if response.responder_name == issuer.subject or _is_key_of(response.responder_key_hash, issuer):
        return issuer
    for delegate in response.certificates:
        named = response.responder_name == delegate.subject or _is_key_of(
            response.responder_key_hash, delegate
        )
        if named and issuer_among(delegate, (_der(issuer),), now) is not None and _may_answer(delegate, now):
            return delegate
    raise _Untrusted("answer_signer_unknown")


def _may_answer(delegate: x509.Certificate, now: datetime) -> bool:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    if not delegate.not_valid_before_utc <= now <= delegate.not_valid_after_utc:
        return False
    try:
        use = delegate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in use


def _is_key_of(key_hash: bytes | None, certificate: x509.Certificate) -> bool:
    from cryptography import x509

    if key_hash is None:
        return False
    return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest == key_hash


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _returned_nonce(response: OCSPResponse) -> bytes | None:
    from cryptography import x509

    try:
        return response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None


def _answer(response: OCSPResponse, der: bytes) -> StatusAnswer:
    from cryptography.x509.ocsp import OCSPCertStatus

    statuses: dict[OCSPCertStatus, Status] = {OCSPCertStatus.GOOD: "good", OCSPCertStatus.REVOKED: "revoked"}
    reason = response.revocation_reason
    evidence: dict[str, Any] = {
        "source": "ocsp",
        "produced_at": response.produced_at_utc.isoformat(),
        "this_update": response.this_update_utc.isoformat(),
        "next_update": response.next_update_utc.isoformat() if response.next_update_utc else None,
        "revocation_reason": reason.value if reason else None,
        "sha256": hashlib.sha256(der).hexdigest(),
        "response": base64.b64encode(der).decode("ascii"),
    }
    return StatusAnswer(
        status=statuses.get(response.certificate_status, "unknown"),
        revoked_at=response.revocation_time_utc,
        evidence=evidence,
    )
