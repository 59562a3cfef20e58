"""Seal what is issued with the signer that may sign now."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime

from ryoji.adapters import seal_keys, trust_store
from ryoji.issuance import records, vdsnc
from ryoji.issuance.issued import Issued
from ryoji.issuance.seal_profile import SealRules, message_of


def seal(issued: Issued, rules: SealRules, now: datetime) -> str:
    """The seal's text. Raises Unavailable (`no_signer`, `signing_unavailable`, `storage_unavailable`), and
    `Invalid("seal_content")`."""
    message = message_of(issued, rules)
    signer = records.current(trust_store.read_records()[0], rules, now)
    kind = rules.type_of(issued.kind)
    return vdsnc.write(
        kind=kind,
        version=rules.profiles[kind].version,
        state=rules.state,
        message=message,
        certificate=b64decode(signer.certificate),
        signer=seal_keys.KmsKey(signer.key),
    )
