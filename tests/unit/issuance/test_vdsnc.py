"""Seals are read strictly and written in one form; no changed byte verifies."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.errors import Invalid
from ryoji.issuance import vdsnc
from ryoji.issuance.certificates import read_certificate
from ryoji.issuance.signer import der_signature, raw_signature
from ryoji.issuance.trust import Trust, fingerprint
from ryoji.issuance.verification import verify
from tests.unit.issuance.sealing import NOW, RULES, ministry, sample

SAMPLES = ("proof_of_test", "proof_of_vaccination", "proof_of_vaccination_aus")
# Utopia's certificates ended in October 2026.
THEN = datetime(2022, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_samples_verify(name: str) -> None:
    seal = vdsnc.read(sample(name))
    certificate = read_certificate(seal.certificate)
    assert vdsnc.is_signed(seal.signed, seal.algorithm, seal.signature, certificate.public_key)
    named = Trust(named=((fingerprint(seal.certificate), seal.state),))
    verdict = verify(sample(name), named, RULES, THEN)
    assert (verdict.status, verdict.warnings) == ("VALID", ("NO_REVOCATION_LIST", "UNKNOWN_FEATURE"))
    assert verdict.content["pid"]
    # Whose authority nobody knows is not believed, however good the signature.
    stranger = verify(sample(name), ministry().trust(), RULES, THEN)
    assert (stranger.status, stranger.checks["signature"]) == ("UNKNOWN_CERTIFICATE", "pass")


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_without_padding_are_the_same_seals(name: str) -> None:
    assert vdsnc.read(sample(name).replace("=", "")) == vdsnc.read(sample(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_written_again_is_what_was_signed(name: str) -> None:
    seal = vdsnc.read(sample(name))
    assert json.loads(seal.signed) == json.loads(sample(name))["data"]


def test_our_seal_is_in_canonical_form_padded_and_valid() -> None:
    text = ministry().seal()
    assert vdsnc.canonical(json.loads(text)) == text.encode()
    assert json.loads(text)["sig"]["sigvl"].endswith("==")
    assert verify(text, ministry().trust(), RULES, NOW).status == "VALID"


def flipped(text: str) -> list[tuple[int, bytes]]:
    """The text with one byte changed, at every place: to its neighbour, to another case, to a blank."""
    raw = text.encode()
    return [
        (place, raw[:place] + bytes([other]) + raw[place + 1 :])
        for place, byte in enumerate(raw)
        for other in {byte ^ 0x01, byte ^ 0x20, 0x20} - {byte}
    ]


def test_no_seal_with_a_changed_byte_verifies() -> None:
    believed = ministry().trust()
    passed = [
        place
        for place, raw in flipped(ministry().seal())
        if verify(raw, believed, RULES, NOW).status == "VALID"
    ]
    assert passed == []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_with_a_changed_byte_verifies(name: str) -> None:
    text = sample(name)
    named = Trust(named=((fingerprint(vdsnc.read(text).certificate), vdsnc.read(text).state),))
    assert [place for place, raw in flipped(text) if verify(raw, named, RULES, THEN).status == "VALID"] == []


@given(st.data())
def test_no_edit_of_a_seal_verifies(data: st.DataObject) -> None:
    raw = ministry().seal().encode()
    first = data.draw(st.integers(0, len(raw)))
    last = data.draw(st.integers(first, min(len(raw), first + 40)))
    put = data.draw(st.binary(max_size=40))
    changed = raw[:first] + put + raw[last:]
    verdict = verify(changed, ministry().trust(), RULES, NOW)
    # Padding may be left out: the seal is the same without it.
    same = changed.replace(b"=", b"") == raw.replace(b"=", b"")
    assert verdict.status != "VALID" or same


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_what_anybody_may_write_gets_an_answer(anything: bytes | str) -> None:
    assert verify(anything, ministry().trust(), RULES, NOW).status in ("READ_ERROR", "WRONG_FORMAT")


DATA = '{"hdr":{"is":"JPN","t":"jp.visa","v":1},"msg":{"no":"A"}}'


SIG = f'{{"alg":"ES256","cer":"AAAA","sigvl":"{vdsnc.base64url(bytes(64))}"}}'


def around(data: str, sig: str = SIG, after: str = "") -> str:
    return f'{{"data":{data},"sig":{sig}}}{after}'


def test_the_plain_text_of_these_attacks_has_the_form() -> None:
    assert vdsnc.read(around(DATA)).message == {"no": "A"}


@pytest.mark.parametrize(
    "text",
    [
        around(DATA.replace('"no":"A"', '"no":"A","no":"A"')),
        around(DATA.replace('"no":"A"', '"no":"B","n\\u006f":"A"')),
        around(DATA.replace('"A"', '"\\u0041"')),
        around(DATA.replace('"A"', '"\\ud800"')),
        around(DATA.replace('"v":1', '"v":1.0')),
        around(DATA.replace('"v":1', '"v":1e0')),
        around(DATA.replace('"v":1', '"v":true')),
        around(DATA.replace('"v":1', '"v":"1"')),
        around(DATA.replace('"v":1', '"v":01')),
        around(DATA.replace('"A"', "-0")),
        around(DATA.replace('"A"', "9007199254740993")),
        around(DATA.replace('"A"', "1" * 5000)),
        around(DATA.replace('"A"', "NaN")),
        around(DATA.replace('"A"', "[" * 1500 + "]" * 1500)),
        around(DATA.replace('"v":1', '"v": 1')),
        around(DATA, after=" "),
        around(DATA, after="{}"),
        around(DATA, after="\n"),
        around(DATA, after="\x00"),
        "\ufeff" + around(DATA),
        around(DATA.replace('"msg"', '"more":1,"msg"')),
        around(DATA.replace('"is":"JPN",', "")),
        around(DATA.replace("JPN", "jpn")),
        around(DATA.replace("JPN", "JAPAN")),
        around(DATA.replace("jp.visa", " ")),
        around(DATA.replace('{"no":"A"}', '["A"]')),
        around(DATA, '{"alg":"none","cer":"AAAA","sigvl":"AAAA"}'),
        around(DATA, '{"alg":["ES256"],"cer":"AAAA","sigvl":"AAAA"}'),
        around(DATA, '{"alg":"ES256","cer":"AAAA","sigvl":"AAAA"}'),
        around(DATA, '{"alg":"ES256","cer":"AAAA"}'),
        "[]",
        "null",
        '"seal"',
    ],
)  # fmt: skip
def test_a_second_spelling_is_the_wrong_format(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        vdsnc.read(text)
    assert caught.value.code in ("seal_wrong_format", "seal_read_error")
    assert len(text) > vdsnc.MOST_CHARACTERS or caught.value.code == "seal_wrong_format"


@pytest.mark.parametrize("text", ["", b"", b"\xff\xfe", "x" * (vdsnc.MOST_CHARACTERS + 1)])
def test_what_is_no_text_of_a_seal_is_a_read_error(text: Any) -> None:
    with pytest.raises(Invalid, match="seal_read_error"):
        vdsnc.read(text)


@pytest.mark.parametrize(
    "text", ["AB", "A", "AAA==", "AA=", "AA=A", "A A=", "AA+A", "AA/A", "AA\n=", "é", "", None, 1]
)
def test_base64url_has_one_spelling(text: Any) -> None:
    with pytest.raises(Invalid, match="seal_wrong_format"):
        vdsnc.from_base64url(text)


@given(st.binary(min_size=1, max_size=200))
def test_base64url_comes_back_padded_or_not(data: bytes) -> None:
    padded = vdsnc.base64url(data)
    assert vdsnc.from_base64url(padded) == vdsnc.from_base64url(padded.rstrip("=")) == data


@given(st.integers(1, 2**256 - 1), st.integers(1, 2**256 - 1))
def test_raw_and_der_are_two_forms_of_one_signature(r: int, s: int) -> None:
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert raw_signature(der_signature(raw)) == raw


@pytest.mark.parametrize(("r", "s"), [(2**247, 2**255), (2**255, 2**247), (1, 1), (2**200, 2**8)])
def test_short_numbers_are_padded_on_the_left(r: int, s: int) -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    raw = raw_signature(encode_dss_signature(r, s))
    assert len(raw) == 64
    assert (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")) == (r, s)


def test_real_signatures_with_a_short_number_verify() -> None:
    # One in 128 signatures has one; among so many there is one.
    key, seen = ministry().signer_key, 0
    from hashlib import sha256

    for n in range(3000):
        raw = raw_signature(key.sign(sha256(b"%d" % n).digest()))
        if raw[0] == 0 or raw[32] == 0:
            seen += 1
            assert vdsnc.is_signed(b"%d" % n, "ES256", raw, key.public_key())
        if seen == 3:
            break
    assert seen == 3


def test_a_key_of_another_curve_verifies_nothing() -> None:
    text = json.loads(ministry().seal())
    text["sig"]["alg"] = "ES384"
    text["sig"]["sigvl"] = vdsnc.base64url(bytes(96))
    changed = vdsnc.canonical(text)
    assert verify(changed, ministry().trust(), RULES, NOW).status == "INVALID_SIGNATURE"
