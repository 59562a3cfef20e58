"""The seals that both verifiers must judge alike, ours in Python and the page's in the browser.

`python -m tests.unit.issuance.conformance` writes tests/data/seals/conformance.json anew, with new keys, as the Python
verifier judges. test_conformance.py and web/tests/verify-conformance.test.ts then hold both verifiers to the file.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from ryoji.issuance import vdsnc
from ryoji.issuance.certificates import Revoked
from ryoji.issuance.trust import read_trust
from ryoji.issuance.verification import verify
from tests.unit.issuance.sealing import (
    AUTHORIZATION,
    NOW,
    ROOT,
    RULES,
    VISA,
    MemoryKey,
    Ministry,
    rewritten,
    sample,
)

FILE = ROOT / "tests" / "data" / "seals" / "conformance.json"
LETTERS = {
    "VALID": "V",
    "READ_ERROR": "R",
    "WRONG_FORMAT": "W",
    "UNKNOWN_CERTIFICATE": "K",
    "UNTRUSTED_CERTIFICATE": "T",
    "INVALID_DOCUMENTTYPE": "D",
    "EXPIRED_CERTIFICATE": "E",
    "REVOKED_CERTIFICATE": "C",
    "INVALID_SIGNATURE": "S",
}


@dataclass(frozen=True)
class Case:
    """A text that somebody shows, the list that is believed, and the moment."""

    name: str
    text: str
    trust: str = "usual"
    now: datetime = NOW


def flips(text: str) -> list[str]:
    """The text with one byte changed, at every place: to its neighbour, to another case, to a blank."""
    raw = text.encode()
    return [
        (raw[:place] + bytes([other]) + raw[place + 1 :]).decode()
        for place, byte in enumerate(raw)
        for other in sorted({byte ^ 0x01, byte ^ 0x20, 0x20} - {byte})
    ]


def letters(seals: Iterable[str], believed: str, now: datetime) -> str:
    """What the Python verifier finds, a letter for each seal."""
    trust = read_trust(believed)
    return "".join(LETTERS[verify(text, trust, RULES, now).status] for text in seals)


def judged(text: str, believed: str, now: datetime) -> dict[str, Any]:
    """What the Python verifier finds, as JSON holds it."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(verify(text, read_trust(believed), RULES, now))))
    return found


def made() -> dict[str, Any]:
    """The whole file."""
    ministry, stranger = Ministry(), Ministry()
    lists = _lists(ministry, stranger)
    cases = {
        case.name: {
            "text": case.text,
            "trust": case.trust,
            "now": _text(case.now),
            "verdict": judged(case.text, lists[case.trust], case.now),
        }
        for case in _cases(ministry, stranger)
    }
    seal = ministry.seal()
    statuses = letters(flips(seal), lists["usual"], NOW)
    return {"lists": lists, "cases": cases, "flips": {"text": seal, "now": _text(NOW), "statuses": statuses}}


def _lists(ministry: Ministry, stranger: Ministry) -> dict[str, str]:
    usual = ministry.list()
    ministry.revoked = (Revoked(ministry.signer.serial, NOW - timedelta(days=1), "key_compromise"),)
    revoked = ministry.list()
    ministry.revoked = (Revoked(77, NOW - timedelta(days=1), "superseded"),)
    other_revoked = ministry.list()
    ministry.revoked = ()
    return {
        "usual": usual,
        "signer revoked": revoked,
        "another signer revoked": other_revoked,
        "of another ministry": stranger.list(),
    }


def _cases(ministry: Ministry, stranger: Ministry) -> Iterator[Case]:
    seal = ministry.seal()
    yield from _true(ministry, seal)
    yield from _of_certificates(ministry, stranger, seal)
    yield from _changed(seal)
    yield from _spellings(seal)
    for name in ("proof_of_test", "proof_of_vaccination", "proof_of_vaccination_aus"):
        yield Case(f"published sample {name}", sample(name), now=datetime(2022, 1, 1, tzinfo=UTC))


def _true(ministry: Ministry, seal: str) -> Iterator[Case]:
    yield Case("valid visa", seal)
    yield Case("valid in its time", ministry.seal(replace(VISA, valid_from=date(2026, 11, 1))))
    yield Case("valid authorization", ministry.seal(AUTHORIZATION))
    yield Case("valid without padding", seal.replace("=", ""))
    yield Case("another signer revoked", seal, "another signer revoked")
    yield Case(
        "characters outside of ASCII", ministry.seal(replace(VISA, place_of_issue="上海 𠮷", type="観光"))
    )
    yield Case("unknown birth date", ministry.seal(replace(VISA, birth_date="1974-XX-XX")))
    # A day at the border begins and ends nine hours before that of UTC.
    later = ministry.seal(replace(VISA, valid_from=date(2027, 1, 1)))
    yield Case("not valid yet", later, now=datetime(2026, 12, 31, 14, 59, tzinfo=UTC))
    yield Case("first day", later, now=datetime(2026, 12, 31, 15, 0, tzinfo=UTC))
    yield Case("last day", seal, now=datetime(2027, 2, 28, 14, 59, tzinfo=UTC))
    yield Case("no longer valid", seal, now=datetime(2027, 2, 28, 15, 0, tzinfo=UTC))
    yield Case("a type that is not ours", ministry.seal(kind="jp.other"))
    yield Case("members in another order", _reordered(seal))


def _of_certificates(ministry: Ministry, stranger: Ministry, seal: str) -> Iterator[Case]:
    yield Case("signer revoked", seal, "signer revoked")
    yield Case("revocation list too old", seal, now=NOW + timedelta(days=30))
    yield Case("signer revoked on an old list", seal, "signer revoked", NOW + timedelta(days=30))
    yield Case("signer's certificate expired", seal, now=NOW + timedelta(days=6000))
    yield Case("signer's certificate not yet valid", seal, now=NOW - timedelta(days=1))
    yield Case("a stranger signed", stranger.seal())
    yield Case("believed is a stranger", seal, "of another ministry")
    yield Case("the certificate of a stranger", ministry.seal(certificate=stranger.signer.der))
    second = ministry.certify(MemoryKey(), 3)
    yield Case("the certificate of another signer", ministry.seal(certificate=second.der))
    yield Case(
        "the authority itself signed", ministry.seal(certificate=ministry.ca.der, signer=ministry.ca_key)
    )
    yield Case("signed under our name by another key", _forged(ministry))
    yield Case("another state", ministry.seal(state="UTO"))
    yield Case("another version", ministry.seal(version=2))
    narrow = RULES.model_copy(update={"profiles": {"jp.dta": RULES.profiles["jp.dta"]}})
    key = MemoryKey()
    for_authorizations = replace_rules(ministry, narrow, key)
    yield Case("signer for other documents", ministry.seal(certificate=for_authorizations, signer=key))
    yield Case("certificate with something behind it", ministry.seal(certificate=ministry.signer.der + b"\0"))
    yield Case("no certificate", ministry.seal(certificate=b"certificate"))


def replace_rules(ministry: Ministry, rules: Any, key: MemoryKey) -> bytes:
    """A signer's certificate of this ministry made under other rules."""
    usual, ministry.rules = ministry.rules, rules
    certificate = ministry.certify(key, 4).der
    ministry.rules = usual
    return certificate


def _forged(ministry: Ministry) -> str:
    """A certificate that copies a true one word for word, signed by a key of the forger's."""
    key, forger = MemoryKey(), MemoryKey()
    true = x509.load_der_x509_certificate(ministry.signer.der)
    builder = x509.CertificateBuilder(
        true.issuer, true.subject, key.key.public_key(), true.serial_number,
        true.not_valid_before_utc, true.not_valid_after_utc, list(true.extensions),
    )  # fmt: skip
    certificate = builder.sign(forger.key, hashes.SHA256()).public_bytes(Encoding.DER)
    return ministry.seal(certificate=certificate, signer=key)


def _changed(seal: str) -> Iterator[Case]:
    yield Case("another name", seal.replace("ERIKSSON", "ERIKSSEN"))
    yield Case("another last day", seal.replace("2027-02-28", "2028-02-28"))
    yield Case("another type", rewritten(seal, {"t": "jp.dta"}))
    whole = json.loads(seal)
    signature = urlsafe_b64decode(whole["sig"]["sigvl"])
    whole["sig"]["sigvl"] = vdsnc.base64url(signature[32:] + signature[:32])
    yield Case("halves of the signature exchanged", _json(whole))
    whole["sig"]["sigvl"] = vdsnc.base64url(bytes(64))
    yield Case("a signature of zeros", _json(whole))
    whole["sig"] |= {"alg": "ES384", "sigvl": vdsnc.base64url(bytes(96))}
    yield Case("an algorithm of another curve", _json(whole))


def _spellings(seal: str) -> Iterator[Case]:
    nested = "[" * 1500 + "]" * 1500
    yield from (
        Case(name, text)
        for name, text in {
            "no text": "",
            "a very long text": "x" * 5000,
            "as many characters as a code holds": "𠮷" * 4296,
            "one character more": "𠮷" * 4297,
            "something else": "https://example.org/",
            "a list": "[]",
            "nothing": "null",
            "a name twice": seal.replace('"sex":"F"', '"sex":"F","sex":"F"'),
            "a name twice in two spellings": seal.replace('"sex":"F"', '"sex":"M","se\\u0078":"F"'),
            "another spelling of a letter": seal.replace('"F"', '"\\u0046"'),
            "an escaped slash": seal.replace('"F"', '"\\/"'),
            "a lone surrogate": seal.replace('"F"', '"\\ud800"'),
            "a fraction": seal.replace('"v":1', '"v":1.0'),
            "a real fraction": seal.replace('"dur":15', '"dur":15.5'),
            "an exponent": seal.replace('"v":1', '"v":1e0'),
            "a leading zero": seal.replace('"v":1', '"v":01'),
            "a negative zero": seal.replace('"dur":15', '"dur":-0'),
            "a number that is too large": seal.replace('"dur":15', '"dur":9007199254740993'),
            "the first number that is too large": seal.replace('"dur":15', '"dur":9007199254740992'),
            "the largest number": seal.replace('"dur":15', '"dur":9007199254740991'),
            "no number": seal.replace('"dur":15', '"dur":NaN'),
            "a version that is true": seal.replace('"v":1', '"v":true'),
            "a version in quotes": seal.replace('"v":1', '"v":"1"'),
            "a version of zero": seal.replace('"v":1', '"v":0'),
            "very deep": seal.replace('"F"', nested),
            "a blank within": seal.replace('"v":1', '"v": 1'),
            "a blank behind": seal + " ",
            "a line behind": seal + "\n",
            "a second object behind": seal + "{}",
            "a zero byte behind": seal + "\x00",
            "a byte order mark": "\ufeff" + seal,
            "a member more": seal.replace('"msg"', '"more":1,"msg"'),
            "a member more of the message": seal.replace('"sex"', '"sew":1,"sex"'),
            "names that are numbers": seal.replace('"sex"', '"9":1,"10":2,"__proto__":3,"sex"'),
            "a member less": seal.replace('"v":1', '"w":1'),
            "a state in small letters": seal.replace('"is":"JPN"', '"is":"jpn"'),
            "a state of five letters": seal.replace('"is":"JPN"', '"is":"JAPAN"'),
            "a type of blanks": seal.replace("jp.visa", " \u3000"),
            "a message that is a list": '{"data":{"hdr":{"is":"JPN","t":"jp.visa","v":1},"msg":[]},"sig"'
            + seal.partition('"sig"')[2],
            "an unknown algorithm": seal.replace("ES256", "none"),
            "half of the padding": seal.replace('=="}}', '="}}'),
            "too much padding": seal.replace('=="}}', '==="}}'),
            "standard base64": seal.replace("-", "+").replace("_", "/"),
            "bits behind the last byte": seal[: -len('A=="}}')] + _next(seal[-len('A=="}}')]) + '=="}}',
        }.items()
    )


def _next(letter: str) -> str:
    """The neighbour in the alphabet of base64url: its last bit is of no byte."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[alphabet.index(letter) ^ 1]


def _reordered(seal: str) -> str:
    whole = json.loads(seal)
    return _json({"sig": whole["sig"], "data": {"msg": whole["data"]["msg"], "hdr": whole["data"]["hdr"]}})


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(made(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
