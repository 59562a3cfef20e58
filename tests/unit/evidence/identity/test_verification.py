"""From a signature to a finding."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import cms, core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ryoji.errors import Refused
from ryoji.evidence.finding import Finding
from ryoji.evidence.identity import CardSignature, Challenge, ExpectedPerson, Trust, digest, read_card, verify
from ryoji.partners.certificate_status import StatusAnswer
from tests.unit.evidence.identity.authority import (
    LOGIN_POLICY,
    NOW,
    YEAR,
    Profile,
    Register,
    new_key,
    root,
    sign,
)
from tests.unit.evidence.identity.bench import DOCUMENT, HANAKO, Bench, as_signature

Codes = Callable[[Finding], list[str]]


def test_a_good_card_passes_and_the_facts_prove_it(bench: Bench) -> None:
    bench.register.answer = StatusAnswer("good", evidence={"source": "ocsp", "response": "MIIB"})
    finding = bench.verify(bench.sign())
    assert (finding.check, finding.outcome, finding.reasons) == ("identity", "pass", ())
    assert finding.facts["assurance"] == "card_signature"
    assert finding.facts["digest"] == digest(DOCUMENT)
    assert finding.facts["claimed_at"] == NOW.isoformat()
    assert finding.facts["attributes"]["birth_date"] == "1990-01-02"
    assert finding.facts["revocation"] == {
        "status": "good",
        "revoked_at": None,
        "evidence": {"source": "ocsp", "response": "MIIB"},
    }
    assert set(finding.facts["comparison"].values()) == {"same"}
    assert [at for _, at in bench.register.asked] == [NOW]


def test_the_finding_can_be_written_down_as_json(bench: Bench) -> None:
    finding = bench.verify(bench.sign())
    assert Finding.model_validate_json(finding.model_dump_json()) == finding


def test_a_changed_document_fails(bench: Bench, codes: Codes) -> None:
    finding = bench.verify(bench.sign(), document={**DOCUMENT, "fee": 0})
    assert (finding.outcome, codes(finding)) == ("fail", ["signature_invalid"])
    assert finding.facts["problem"] == "document"
    assert "attributes" not in finding.facts, "nobody vouches for them"
    assert bench.register.asked == []


def test_another_keys_signature_fails(bench: Bench, codes: Codes) -> None:
    certificate = bench.issuer.issue(bench.key)
    forged = sign(new_key(), certificate, bytes.fromhex(digest(DOCUMENT)))
    assert codes(bench.verify(as_signature(forged))) == ["signature_invalid"]


def test_a_strangers_root_is_not_believed(bench: Bench, codes: Codes) -> None:
    stranger = replace(bench, issuer=root(new_key()))  # of the same name, even
    finding = bench.verify(stranger.sign())
    assert (finding.outcome, codes(finding)) == ("fail", ["issuer_unknown"])
    assert "attributes" not in finding.facts


def test_a_root_that_has_expired_is_not_believed(bench: Bench, codes: Codes) -> None:
    old = replace(bench, issuer=root(bench.issuer.key, not_after=NOW - timedelta(days=1)))
    assert codes(old.verify(old.sign())) == ["issuer_unknown"]


def test_a_certificate_that_a_leaf_issued_is_not_believed(bench: Bench, codes: Codes) -> None:
    leaf = bench.issuer.issue(bench.key)
    impostor = replace(bench, issuer=replace(bench.issuer, key=bench.key, certificate=leaf))
    assert codes(bench.verify(impostor.sign())) == ["issuer_unknown"]


def test_any_of_several_roots_will_do(bench: Bench) -> None:
    other = root(new_key(), "Older root")
    trust = Trust((other.der, bench.issuer.der), bench.register)
    assert verify(bench.sign(), DOCUMENT, HANAKO, trust=trust, at=NOW).outcome == "pass"


def test_the_certificate_for_logging_in_must_not_sign(bench: Bench, codes: Codes) -> None:
    finding = bench.verify(bench.sign(profile=replace(Profile(), policy=LOGIN_POLICY)))
    assert (finding.outcome, codes(finding), finding.facts["problem"]) == (
        "fail",
        ["profile_wrong"],
        "policy",
    )


@pytest.mark.parametrize(
    ("at", "code"), [(NOW + 2 * YEAR, "certificate_expired"), (NOW - 2 * YEAR, "certificate_not_yet_valid")]
)
def test_validity_is_judged_when_it_was_received(bench: Bench, codes: Codes, at: datetime, code: str) -> None:
    finding = bench.verify(bench.sign(), at=at)
    assert (finding.outcome, codes(finding)) == ("fail", [code])
    assert bench.register.asked == [], "nobody need be asked about it"


@pytest.mark.parametrize("at", [Profile().not_before, Profile().not_after])
def test_the_first_and_last_moment_are_valid(bench: Bench, at: datetime) -> None:
    assert bench.verify(bench.sign(), at=at).outcome == "pass"


@pytest.mark.parametrize(
    ("answer", "outcome", "code", "assurance"),
    [
        (StatusAnswer("revoked", NOW - YEAR / 12), "fail", "certificate_revoked", "none"),
        (StatusAnswer("revoked", NOW), "fail", "certificate_revoked", "none"),
        (StatusAnswer("revoked"), "fail", "certificate_revoked", "none"),
        (StatusAnswer("unknown"), "fail", "certificate_status_unknown", "none"),
        (StatusAnswer("unavailable"), "unavailable", "status_unavailable", "none"),
    ],
)
def test_the_authoritys_answers(
    bench: Bench, codes: Codes, answer: StatusAnswer, outcome: str, code: str, assurance: str
) -> None:
    bench.register.answer = answer
    finding = bench.verify(bench.sign())
    assert (finding.outcome, codes(finding), finding.facts["assurance"]) == (outcome, [code], assurance)


def test_what_was_signed_before_the_revocation_stays_signed(bench: Bench) -> None:
    bench.register.answer = StatusAnswer("revoked", NOW + timedelta(minutes=1))
    finding = bench.verify(bench.sign())
    assert finding.outcome == "pass"
    assert finding.facts["revocation"]["status"] == "revoked"


def test_somebody_elses_card(bench: Bench, codes: Codes) -> None:
    somebody = Profile().with_person(
        _1="佐藤　健一", _2="00000", _3="1", _4="319840721", _5="神奈川県横浜市中区1番"
    )
    finding = bench.verify(bench.sign(profile=somebody))
    assert finding.outcome == "fail"
    assert codes(finding) == [
        "wrong_person",
        "name_differs",
        "birth_date_differs",
        "sex_differs",
        "address_differs",
    ]


def test_one_slip_of_the_pen_is_not_another_person(bench: Bench, codes: Codes) -> None:
    finding = bench.verify(bench.sign(), replace(HANAKO, birth_date=date(1990, 2, 1)))
    assert codes(finding) == ["birth_date_differs"]


def test_a_move_is_for_an_officer_and_the_signature_still_counts(bench: Bench, codes: Codes) -> None:
    finding = bench.verify(bench.sign(), replace(HANAKO, address="東京都千代田区丸の内1-1-1"))
    assert (finding.outcome, codes(finding)) == ("review", ["address_differs"])
    assert finding.facts["assurance"] == "card_signature"


def test_below_fifteen_the_legal_representatives_card_signs(bench: Bench, codes: Codes) -> None:
    parent = ExpectedPerson(name="山田花子", birth_date=date(1990, 1, 2), role="legal_representative")
    finding = bench.verify(bench.sign(), parent)
    assert (finding.outcome, finding.facts["signer"]) == ("pass", "legal_representative")
    childs_card = bench.sign(profile=Profile().with_person(_1="山田　結衣", _4="420170408"))
    assert "representative_wrong_person" in codes(bench.verify(childs_card, parent))


MALFORMED: list[dict[str, Any]] = [
    {"content": {"signer_infos": []}},
    {"content": {"certificates": []}},
    {"content": {"encap_content_info": {"content_type": "data", "content": b"another document"}}},
    {"content": {"encap_content_info": {"content_type": "signed_data"}}},
    {"signer": {"digest_algorithm": {"algorithm": "sha1"}}},
    {"signer": {"signature_algorithm": {"algorithm": "sha256_ecdsa"}}},
    {"signer": {"sid": cms.SignerIdentifier({"subject_key_identifier": b"0" * 20})}},
    {"attributes": [{"type": "message_digest", "values": [bytes.fromhex(digest(DOCUMENT))]}]},
    {
        "attributes": [
            {"type": "content_type", "values": ["data"]},
            {"type": "message_digest", "values": [bytes.fromhex(digest(DOCUMENT)), b"0" * 32]},
        ]
    },
    {"attributes": [{"type": "content_type", "values": ["data"]}]},
    {"signer": {"signed_attrs": None}},
]


@pytest.mark.parametrize("parts", MALFORMED)
def test_another_shape_of_signature_is_refused(bench: Bench, codes: Codes, parts: dict[str, Any]) -> None:
    finding = bench.verify(bench.sign(**parts))
    assert (codes(finding), finding.facts["problem"]) == (["signature_invalid"], "card_signature_unreadable")


@pytest.mark.parametrize("der", [b"0", b"\x30\x00", b"\x00" * 40, core.Integer(5).dump()])
def test_what_is_no_signature_at_all(bench: Bench, codes: Codes, der: bytes) -> None:
    assert codes(bench.verify(as_signature(der))) == ["signature_invalid"]


def test_what_is_not_base64(bench: Bench, codes: Codes) -> None:
    assert codes(bench.verify(CardSignature(format="cms", value="署名"))) == ["signature_invalid"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_byte_never_makes_another_signer_or_document(bench: Bench, data: st.DataObject) -> None:
    """Most bytes break the signature; the few that nothing depends on leave the very same finding."""
    der = bytearray(_one_signature(bench))
    position = data.draw(st.integers(0, len(der) - 1))
    der[position] ^= data.draw(st.integers(1, 255))
    finding = bench.verify(as_signature(bytes(der)))
    if finding.outcome == "pass":
        assert (
            finding.facts["attributes"]
            == bench.verify(as_signature(_one_signature(bench))).facts["attributes"]
        )
        assert finding.facts["digest"] == digest(DOCUMENT)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_signature_value_always_fails(bench: Bench, data: st.DataObject) -> None:
    content = cms.ContentInfo.load(_one_signature(bench))
    value = bytearray(content["content"]["signer_infos"][0]["signature"].native)
    value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    spoilt = _one_signature(bench).replace(
        content["content"]["signer_infos"][0]["signature"].native, bytes(value)
    )
    finding = bench.verify(as_signature(spoilt))
    assert [reason.code for reason in finding.reasons] == ["signature_invalid"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(der=st.binary(max_size=300))
def test_rubbish_is_a_finding_and_never_an_error(bench: Bench, der: bytes) -> None:
    assert bench.verify(as_signature(der or b"0")).outcome == "fail"


_SIGNATURES: dict[int, bytes] = {}


def _one_signature(bench: Bench) -> bytes:
    key = id(bench.issuer)
    if key not in _SIGNATURES:
        _SIGNATURES[key] = base64.b64decode(bench.sign().value)
    return _SIGNATURES[key]


CHALLENGE = Challenge("01J00000000000000000000000", "bm9uY2U", NOW + timedelta(minutes=10))


def test_reading_the_card_fills_in_the_form(bench: Bench) -> None:
    reading = read_card(bench.sign(CHALLENGE.document()), CHALLENGE, trust=bench.trust, at=NOW)
    assert reading.finding.outcome == "pass"
    assert reading.attributes is not None
    assert reading.attributes.name == "山田　花子"


def test_a_card_that_does_not_pass_fills_in_nothing(bench: Bench) -> None:
    bench.register.answer = StatusAnswer("revoked", NOW - YEAR)
    reading = read_card(bench.sign(CHALLENGE.document()), CHALLENGE, trust=bench.trust, at=NOW)
    assert (reading.finding.outcome, reading.attributes) == ("fail", None)


@pytest.mark.parametrize(
    "other",
    [
        replace(CHALLENGE, case_id="01J00000000000000000000001"),
        replace(CHALLENGE, nonce="b3RoZXI"),
        replace(CHALLENGE, expires_at=NOW + timedelta(days=1)),
    ],
)
def test_a_reading_fits_one_challenge(bench: Bench, codes: Codes, other: Challenge) -> None:
    reading = read_card(bench.sign(CHALLENGE.document()), other, trust=bench.trust, at=NOW)
    assert codes(reading.finding) == ["signature_invalid"]


def test_a_reading_in_its_time_only(bench: Bench) -> None:
    signature = bench.sign(CHALLENGE.document())
    with pytest.raises(Refused, match="card_challenge_expired"):
        read_card(signature, CHALLENGE, trust=bench.trust, at=datetime(2026, 11, 23, 4, tzinfo=UTC))


def test_a_reading_is_no_signature_of_a_submission(bench: Bench, codes: Codes) -> None:
    assert codes(bench.verify(bench.sign(CHALLENGE.document()))) == ["signature_invalid"]


def test_the_register_port_is_asked_with_the_certificate(bench: Bench) -> None:
    register = Register()
    verify(bench.sign(), DOCUMENT, HANAKO, trust=replace(bench.trust, status=register), at=NOW)
    ((der, _),) = register.asked
    assert der.startswith(b"0\x82")
