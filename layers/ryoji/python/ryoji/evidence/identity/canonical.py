"""What exactly is signed: the canonical bytes of a document, the same in the browser and here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ryoji.errors import Invalid


def submission_bytes(document: Mapping[str, Any]) -> bytes:
    """The document in canonical form (JSON Canonicalization Scheme, RFC 8785), UTF-8.

    Raises `Invalid("document_not_canonical")` for what JSON cannot carry exactly (NaN, integers beyond 2^53,
    lone surrogates, other types).
    """
    import rfc8785

    try:
        return rfc8785.dumps(dict(document))
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise Invalid("document_not_canonical") from error


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in lower-case hex: what the card is asked to sign."""
    return hashlib.sha256(submission_bytes(document)).hexdigest()
