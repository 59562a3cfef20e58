"""VDS-NC, the seal as JSON (ICAO Doc 9303-13; travel.md §2.2): written in one form, and read strictly.

What is signed is the RFC 8785 form of `data`. A reader that is lenient lets two texts mean the same seal, or one text
mean two: so nothing is taken that a plain serialiser would not write. The order of members is free, because the
published seals are not in the canonical order.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ryoji.errors import Invalid
from ryoji.issuance.signer import Signer, der_signature, raw_signature

# A QR code of the largest size holds no more characters (alphanumeric); bytes are fewer.
MOST_CHARACTERS = 4296
# By algorithm: bytes of one half of the signature, hash, and the curve that belongs to it (travel.md §2.2).
ALGORITHMS = {
    "ES256": (32, "sha256", "secp256r1"),
    "ES384": (48, "sha384", "secp384r1"),
    "ES512": (66, "sha512", "secp521r1"),
}


@dataclass(frozen=True)
class Seal:
    """A seal that has the form; nothing in it is verified. `signed` are the bytes that the signature is over."""

    type: str
    version: int
    state: str
    message: dict[str, Any]
    algorithm: str
    certificate: bytes
    signature: bytes
    signed: bytes


def write(
    *, kind: str, version: int, state: str, message: Mapping[str, Any], certificate: bytes, signer: Signer
) -> str:
    """A seal under ES256, the whole in RFC 8785 form, base64url padded as in the published seals."""
    data = {"hdr": {"t": kind, "v": version, "is": state}, "msg": dict(message)}
    return sealed(data, certificate, signer)


def sealed(data: Mapping[str, Any], certificate: bytes, signer: Signer) -> str:
    """The envelope around any data: `{"data": …, "sig": …}`; the trust list travels in it, too."""
    import rfc8785

    signature = raw_signature(signer.sign(hashlib.sha256(rfc8785.dumps(dict(data))).digest()))
    sig = {"alg": "ES256", "cer": base64url(certificate), "sigvl": base64url(signature)}
    return rfc8785.dumps({"data": dict(data), "sig": sig}).decode()


def read(text: str | bytes) -> Seal:
    """Read a seal; raises `Invalid`: `seal_read_error` (no text) or `seal_wrong_format`."""
    data, sig = opened(text, MOST_CHARACTERS)
    header, message = _members(data, {"hdr", "msg"})
    state, kind, version = _members(header, {"is", "t", "v"})
    if not (isinstance(state, str) and isinstance(kind, str) and type(version) is int and version >= 1):
        raise _wrong()
    if len(state) not in (1, 2, 3) or not state.isascii() or not state.isalpha() or not state.isupper():
        raise _wrong()
    if not isinstance(message, dict) or not kind.strip():
        raise _wrong()
    return Seal(kind, version, state, message, *sig, canonical(data))


def opened(text: str | bytes, most: int) -> tuple[dict[str, Any], tuple[str, bytes, bytes]]:
    """The envelope: its data, and algorithm, certificate and raw signature. Raises `Invalid` as `read` does."""
    whole = strict_json(text, most)
    data, sig = _members(whole, {"data", "sig"})
    algorithm, certificate, signature = _members(sig, {"alg", "cer", "sigvl"})
    if not isinstance(data, dict) or not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise _wrong()
    raw = from_base64url(signature)
    if len(raw) != 2 * ALGORITHMS[algorithm][0]:
        raise _wrong()
    return data, (algorithm, from_base64url(certificate), raw)


def strict_json(text: str | bytes, most: int) -> dict[str, Any]:
    """A JSON object exactly as a serialiser writes it: no space, no second name, whole numbers, nothing behind it."""
    decoded = _decoded(text)
    if not decoded or len(decoded) > most:
        raise Invalid("seal_read_error")
    try:
        value = json.loads(
            decoded, object_pairs_hook=_without_doubles, parse_float=_no_number, parse_constant=_no_number
        )
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        canonical(value)  # numbers beyond 2^53 and lone surrogates have no canonical form
    except (ValueError, RecursionError, UnicodeError) as error:
        raise _wrong() from error
    if not isinstance(value, dict) or again != decoded:
        raise _wrong()
    return value


def canonical(value: Any) -> bytes:
    """The RFC 8785 form; ValueError when there is none."""
    import rfc8785

    return rfc8785.dumps(value)


def is_signed(signed: bytes, algorithm: str, signature: bytes, public_key: bytes) -> bool:
    """Whether the key (DER SubjectPublicKeyInfo) made this raw signature; False for a key of another curve."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    _, digest, curve = ALGORITHMS[algorithm]
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != curve:
        return False
    kinds: dict[str, hashes.HashAlgorithm] = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }
    try:
        key.verify(der_signature(signature), signed, ec.ECDSA(kinds[digest]))
    except InvalidSignature:
        return False
    return True


def base64url(data: bytes) -> str:
    """Padded, as the published seals have it."""
    return urlsafe_b64encode(data).decode()


def from_base64url(text: Any) -> bytes:
    """Padded or not; raises `Invalid("seal_wrong_format")` for anything that has a second spelling."""
    if not isinstance(text, str) or not text:
        raise _wrong()
    bare = text.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    try:
        data = urlsafe_b64decode(padded.encode("ascii"))
    except ValueError as error:
        raise _wrong() from error
    # Bits behind the last byte, characters that a decoder skips, and half a padding would all be second spellings.
    if text not in (bare, padded) or base64url(data) != padded:
        raise _wrong()
    return data


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise Invalid("seal_read_error") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"not a whole number: {text[:12]}")


def _members(value: Any, names: set[str]) -> tuple[Any, ...]:
    """The members by name in alphabetical order; exactly these and no other."""
    if not isinstance(value, dict) or set(value) != names:
        raise _wrong()
    return tuple(value[name] for name in sorted(names))


def _wrong() -> Invalid:
    return Invalid("seal_wrong_format")
