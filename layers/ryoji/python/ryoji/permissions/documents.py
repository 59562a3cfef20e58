"""Numbers of travel documents: their one form, and the keyed hashes that stand for them wherever they are kept."""

from __future__ import annotations

import hashlib
from binascii import b2a_base64
from functools import lru_cache

FILLER = "<"
# A TD3 zone has nine places for the number (ICAO Doc 9303 part 4, section 4.2.2).
LONGEST = 9
# Issuers that print shorter numbers are not known to us; fewer places than this are taken for a broken reading [K].
SHORTEST = 5
_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_OF_THE_ZONE = {"DEU": "D"}
_STATE_LETTERS = 3
_HASH_BYTES = 18
_BLOCK = 64
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def normal_number(written: str) -> str | None:
    """A document's number without the fillers at its end, or None when it cannot be one.

    Nothing is mended: a letter O in the place of a zero is another number. Small letters, blanks and signs are no
    characters of a number.
    """
    number = written.rstrip(FILLER)
    if not SHORTEST <= len(number) <= LONGEST or not _CHARACTERS.issuperset(number):
        return None
    return number


@lru_cache(maxsize=1024)
def normal_state(written: str) -> str | None:
    """A state's code of three letters, or Germany's `D`, without fillers (Doc 9303 part 3, section 5), or None.

    Germany's zone says `D`, and passenger lists often `DEU`: both are the one of the zone. Codes of two letters (ISO
    3166) stand in no zone: they are no other state, but a reading that cannot be.
    """
    state = _OF_THE_ZONE.get(written, written).rstrip(FILLER)
    if state in _OF_THE_ZONE.values():
        return state
    return state if len(state) == _STATE_LETTERS and _LETTERS.issuperset(state) else None


def document_hash(key: bytes, issuing_state: str, number: str) -> str:
    """The keyed hash that stands for a document: HMAC-SHA-256, its first 18 bytes, in base64url (24 characters)."""
    return _keyed(key, f"document\x1f{issuing_state}\x1f{number}")


def claim_hash(key: bytes, document: str, birth_date: str) -> str:
    """The keyed hash of "this document says that its holder was born then"; `document` is the document's keyed hash.

    `birth_date` is YYYY-MM-DD with XX for what the document does not say (`ryoji.permissions.births`).
    """
    return _keyed(key, f"claim\x1f{document}\x1f{birth_date}")


def _keyed(key: bytes, message: str) -> str:
    begun = _begun(key)
    inner, outer = begun[0].copy(), begun[1].copy()
    inner.update(message.encode())
    outer.update(inner.digest())
    # 144 bits: short enough for four hundred of them in one record, long enough that none ever meets another.
    return b2a_base64(outer.digest()[:_HASH_BYTES], newline=False).translate(_URL_SAFE).decode()


@lru_cache(maxsize=8)
def _begun(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """HMAC-SHA-256 (RFC 2104, section 4) with the key's two blocks taken in.

    They are hashed once in a worker, and not again for each of a flight's eight hundred hashes. What Python's `hmac`
    offers for this is a class of its own around each hash, which costs as much as the hash.
    """
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in block)), hashlib.sha256(bytes(b ^ 0x5C for b in block))
