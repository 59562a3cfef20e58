"""The ministry's CA: made at the first deployment, renewed and published every few hours, revoking on command."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ryoji.adapters import seal_keys, trust_store
from ryoji.doors.door import Door
from ryoji.doors.seals import seal_rules
from ryoji.errors import Invalid

door = Door("keep_certificates")
REASONS = ("key_compromise", "superseded", "cessation_of_operation")


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`{"do": "keep"}` makes what is due; `{"do": "revoke", "serial": hex, "reason": …}` revokes a signer first."""
    from cryptography.x509 import random_serial_number

    from ryoji.issuance import records as ca

    now, rules, keys = datetime.now(UTC), seal_rules(), seal_keys.keys()
    before, tag = trust_store.read_records()
    records = before
    if event.get("do") == "revoke":
        if event.get("reason") not in REASONS:
            raise Invalid("reason_unknown")
        records = ca.revoke(before, str(event.get("serial", "")).lower(), event["reason"], now)
    kept = ca.keep(records, keys, rules, now, random_serial_number)
    if kept.records != before:
        # First what is true, then what is told of it: a round that dies between is mended by the next.
        trust_store.write_records(kept.records, tag)
    trust_store.publish(ca.files(kept.records, keys, rules, now))
    door.metrics.add_metric(name="SignerDaysLeft", unit="Count", value=kept.signer_days_left)
    return {"outcome": "kept", "made": list(kept.made), "signer_days_left": kept.signer_days_left}
