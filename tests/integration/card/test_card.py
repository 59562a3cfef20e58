"""The simulated card over HTTP, and Ryoji's verification of what it signs."""

from __future__ import annotations

import hashlib
import secrets
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ryoji.adapters.certificate_status_http import OcspCertificateStatus
from ryoji.errors import Invalid
from ryoji.evidence.finding import Finding
from ryoji.evidence.identity import CardSignature, Challenge, ExpectedPerson, Trust, digest, read_card, verify
from simulators.card.people import Person, load_people
from tests.integration.card.sandbox import Sandbox, started

PEOPLE = {person.id: person for person in load_people()}
DOCUMENT = {"case_id": "01J00000000000000000000000", "fee": 15900}
DIGEST = digest(DOCUMENT)


def now() -> datetime:
    return datetime.now(UTC)


def nonce() -> bytes:
    return secrets.token_bytes(32)


def anchor(sandbox: Sandbox) -> bytes:
    return ssl.PEM_cert_to_DER_cert(sandbox.get("/authority/root.pem")[1].decode())


def status_of(sandbox: Sandbox, **changes: Any) -> OcspCertificateStatus:
    settings = {
        "url": f"{sandbox.url}/authority/ocsp",
        "clock": now,
        "nonce": nonce,
        "timeout": 1.0,
        **changes,
    }
    return OcspCertificateStatus(anchors=(anchor(sandbox),), **settings)


def trust(sandbox: Sandbox, **changes: Any) -> Trust:
    return Trust((anchor(sandbox),), status_of(sandbox, **changes))


def signed(sandbox: Sandbox, person: Person, **more: str) -> CardSignature:
    status, answer = sandbox.sign(person.id, person.pin, DIGEST, **more)
    assert status == 200, answer
    return CardSignature.model_validate(answer["signature"])


def expected(person: Person) -> ExpectedPerson:
    return ExpectedPerson(person.name, person.birth_date, person.sex, person.address)


def check(sandbox: Sandbox, signer: str, form: str | None = None, **more: str) -> Finding:
    signature = signed(sandbox, PEOPLE[signer], **more)
    return verify(signature, DOCUMENT, expected(PEOPLE[form or signer]), trust=trust(sandbox), at=now())


def codes(finding: Finding) -> list[str]:
    return [reason.code for reason in finding.reasons]


@pytest.mark.parametrize("person", [person.id for person in load_people() if person.certificate == "good"])
def test_a_good_card_passes(sandbox: Sandbox, person: str) -> None:
    finding = check(sandbox, person)
    assert (finding.outcome, finding.reasons) == ("pass", ())
    evidence = finding.facts["revocation"]["evidence"]
    assert evidence["source"] == "ocsp"
    assert evidence["response"]


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("ito-isamu", "certificate_expired"),
        ("watanabe-naoko", "certificate_revoked"),
        ("nakamura-ren", "certificate_status_unknown"),
    ],
)
def test_cards_that_have_lapsed(sandbox: Sandbox, person: str, code: str) -> None:
    finding = check(sandbox, person)
    assert (finding.outcome, codes(finding)) == ("fail", [code])


@pytest.mark.parametrize("tamper", ["signature", "digest"])
def test_tampered(sandbox: Sandbox, tamper: str) -> None:
    assert codes(check(sandbox, "yamada-hanako", tamper=tamper)) == ["signature_invalid"]


def test_tampered_by_the_sandboxs_behaviour(sandbox: Sandbox) -> None:
    sandbox.post("/api/behaviour", {"signatures": "signature"})
    assert codes(check(sandbox, "yamada-hanako")) == ["signature_invalid"]


def test_the_wrong_person(sandbox: Sandbox) -> None:
    assert "wrong_person" in codes(check(sandbox, "sato-kenichi", form="yamada-hanako"))


def test_below_fifteen_the_father_signs(sandbox: Sandbox) -> None:
    child = PEOPLE["takahashi-yui"]
    assert sandbox.sign(child.id, child.pin, DIGEST) == (409, {"error": "no_certificate"})
    assert child.legal_representative is not None
    assert check(sandbox, child.legal_representative).outcome == "pass"


def test_reading_the_card(sandbox: Sandbox) -> None:
    challenge = Challenge("01J00000000000000000000000", "bm9uY2U", now() + timedelta(minutes=10))
    person = PEOPLE["sato-kenichi"]
    _, answer = sandbox.sign(person.id, person.pin, challenge.digest)
    signature = CardSignature.model_validate(answer["signature"])
    reading = read_card(signature, challenge, trust=trust(sandbox), at=now())
    assert reading.attributes is not None
    assert reading.attributes.address == person.address


def test_revoking_a_card_now_leaves_earlier_signatures(sandbox: Sandbox) -> None:
    person = PEOPLE["yamada-hanako"]
    signature, received = signed(sandbox, person), now() - timedelta(minutes=1)
    sandbox.post(f"/api/people/{person.id}/certificate", {"status": "revoked"})
    finding = verify(signature, DOCUMENT, expected(person), trust=trust(sandbox), at=received)
    assert (finding.outcome, finding.facts["revocation"]["status"]) == ("pass", "revoked")
    finding = verify(
        signature, DOCUMENT, expected(person), trust=trust(sandbox), at=now() + timedelta(seconds=1)
    )
    assert codes(finding) == ["certificate_revoked"]


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        ("down", "no_answer"),
        ("slow", "no_answer"),
        ("try_later", "responder_try_later"),
        ("stale", "answer_stale"),
        ("forged", "answer_signature_wrong"),
    ],
)
def test_an_authority_that_cannot_be_trusted_now_is_unavailable(
    sandbox: Sandbox, behaviour: str, problem: str
) -> None:
    sandbox.post("/api/behaviour", {"ocsp": behaviour})
    finding = check(sandbox, "yamada-hanako")
    assert (finding.outcome, codes(finding)) == ("unavailable", ["status_unavailable"])
    assert finding.facts["revocation"]["evidence"]["problem"] == problem
    sandbox.post("/api/behaviour", {"ocsp": "ok"})
    assert check(sandbox, "yamada-hanako").outcome == "pass"


def test_nobody_listens(sandbox: Sandbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/authority/ocsp"
    person = PEOPLE["yamada-hanako"]
    believed = trust(sandbox, url=url)
    finding = verify(signed(sandbox, person), DOCUMENT, expected(person), trust=believed, at=now())
    assert finding.outcome == "unavailable"


def test_an_answer_that_is_no_ocsp(sandbox: Sandbox) -> None:
    person = PEOPLE["yamada-hanako"]
    believed = trust(sandbox, url=f"{sandbox.url}/api/sign")
    finding = verify(signed(sandbox, person), DOCUMENT, expected(person), trust=believed, at=now())
    assert finding.outcome == "unavailable"


@pytest.mark.parametrize("clock", [lambda: now() + timedelta(hours=2), lambda: now() - timedelta(hours=2)])
def test_answers_are_of_now(sandbox: Sandbox, clock: Callable[[], datetime]) -> None:
    person = PEOPLE["yamada-hanako"]
    finding = verify(
        signed(sandbox, person), DOCUMENT, expected(person), trust=trust(sandbox, clock=clock), at=now()
    )
    assert finding.outcome == "unavailable"


def test_a_partners_address_must_be_of_the_web() -> None:
    with pytest.raises(Invalid, match="partner_address_wrong"):
        OcspCertificateStatus("file:///etc/passwd", (), now, nonce)


def test_five_wrong_pins_lock_the_card_and_a_restart_does_not_open_it(tmp_path: Path) -> None:
    hanako = PEOPLE["yamada-hanako"]
    with started("simulators.card", tmp_path) as sandbox:
        before = anchor(sandbox)
        for left in (4, 3, 2, 1):
            wrong = sandbox.sign(hanako.id, "WRONG123", DIGEST)
            assert wrong == (403, {"error": "pin_wrong", "tries_left": left})
        assert sandbox.sign(hanako.id, "WRONG123", DIGEST)[0] == 423
        assert sandbox.sign(hanako.id, hanako.pin, DIGEST) == (423, {"error": "locked", "tries_left": 0})
    with started("simulators.card", tmp_path) as sandbox:
        assert anchor(sandbox) == before
        assert sandbox.sign(hanako.id, hanako.pin, DIGEST)[0] == 423
        assert sandbox.post(f"/api/people/{hanako.id}/unlock", {}) == (200, {"tries_left": 5})
        assert check(sandbox, hanako.id).outcome == "pass"


def test_the_right_pin_forgets_the_wrong_ones(sandbox: Sandbox) -> None:
    hanako = PEOPLE["yamada-hanako"]
    assert sandbox.sign(hanako.id, "WRONG123", DIGEST)[1]["tries_left"] == 4
    assert sandbox.sign(hanako.id, hanako.pin.lower(), DIGEST)[0] == 200
    assert sandbox.sign(hanako.id, "WRONG123", DIGEST)[1]["tries_left"] == 4


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"person": "nobody", "pin": "X", "digest_hex": DIGEST}, 404, "person_unknown"),
        ({"person": ["x"], "pin": "X", "digest_hex": DIGEST}, 404, "person_unknown"),
        ({"person": "yamada-hanako", "pin": 1, "digest_hex": DIGEST}, 400, "request_malformed"),
        ({"person": "yamada-hanako", "pin": "X", "digest_hex": "zz"}, 400, "digest_malformed"),
        ([], 400, "not_an_object"),
    ],
)
def test_mistakes_are_answered(sandbox: Sandbox, body: object, status: int, error: str) -> None:
    assert sandbox.post("/api/sign", body) == (status, {"error": error})


def test_a_strange_pages_form_cannot_post(sandbox: Sandbox) -> None:
    body = {"person": "yamada-hanako", "pin": "X", "digest_hex": DIGEST}
    assert sandbox.post("/api/sign", body, "text/plain")[0] == 415


def test_unknown_behaviour_changes_nothing(sandbox: Sandbox) -> None:
    assert sandbox.post("/api/behaviour", {"ocsp": "down", "weather": "rain"})[0] == 400
    assert sandbox.get("/api/behaviour")[1] == b'{"ocsp": "ok", "signatures": "none"}'


def test_the_list_of_the_revoked(sandbox: Sandbox) -> None:
    _, der, _ = sandbox.get("/authority/crl.der")
    crl = x509.load_der_x509_crl(der)
    root = x509.load_pem_x509_certificate(sandbox.get("/authority/root.pem")[1])
    key = root.public_key()
    assert isinstance(key, EllipticCurvePublicKey | RSAPublicKey)
    assert crl.is_signature_valid(key)
    assert len(list(crl)) == 1


@pytest.mark.parametrize(
    "path", ["/", "/simulators/card/", "/card.js", "/simulators/card/protocol.js", "/health"]
)
def test_pages_are_served_with_and_without_the_proxys_prefix(sandbox: Sandbox, path: str) -> None:
    status, _, headers = sandbox.get(path)
    assert status == 200
    assert "script-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/../people.yaml", "/state.json", "/yamada-hanako.key.pem", "/nothing"])
def test_nothing_else_is_served(sandbox: Sandbox, path: str) -> None:
    assert sandbox.get(path)[0] == 404


def test_the_people_agree_with_one_another() -> None:
    assert len({person.passport.number for person in PEOPLE.values()}) == len(PEOPLE)
    for person in PEOPLE.values():
        assert person.passport.issued < person.passport.expires
        if person.legal_representative:
            assert PEOPLE[person.legal_representative].address == person.address


def test_what_is_signed_is_the_sha_256_of_the_document(sandbox: Sandbox) -> None:
    plain = b'{"case_id":"01J00000000000000000000000","fee":15900}'
    assert hashlib.sha256(plain).hexdigest() == DIGEST
    assert check(sandbox, "yamada-hanako").facts["digest"] == DIGEST
