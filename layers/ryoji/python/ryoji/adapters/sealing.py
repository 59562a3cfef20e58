"""Seal what is issued with the signer that may sign now."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ryoji.adapters import seal_keys, trust_store
from ryoji.issuance import records, vdsnc
from ryoji.issuance.issued import Issued
from ryoji.issuance.seal_profile import SealRules, message_of


def seal(issued: Issued, rules: SealRules, now: datetime) -> str:
    """The seal's text. Raises Unavailable (`no_signer`, `signing_unavailable`, `storage_unavailable`), and
    `Invalid("seal_content")`."""
    kind = rules.type_of(issued.kind)
    return _signed(kind, rules.profiles[kind].version, message_of(issued, rules), rules, now)


def seal_again(text: str, rules: SealRules, now: datetime) -> str:
    """A seal of the same content, word for word, by the signer that may sign now. Raises Unavailable as `seal` does."""
    before = vdsnc.read(text)
    return _signed(before.type, before.version, before.message, rules, now)


def _signed(kind: str, version: int, message: Mapping[str, Any], rules: SealRules, now: datetime) -> str:
    signer = records.current(trust_store.read_records()[0], rules, now)
    return vdsnc.write(
        kind=kind,
        version=version,
        state=rules.state,
        message=message,
        certificate=b64decode(signer.certificate),
        signer=seal_keys.KmsKey(signer.key),
    )
