"""The ministry's CA: made at the first deployment, renewed and published every few hours, revoking on command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ryoji.adapters import seal_keys, trust_store
from ryoji.doors.door import Door
from ryoji.doors.seals import seal_rules
from ryoji.errors import Conflict, Invalid, Unavailable

if TYPE_CHECKING:
    from ryoji.issuance.records import Kept, Keys, Records
    from ryoji.issuance.seal_profile import SealRules

door = Door("keep_certificates")
REASONS = ("key_compromise", "superseded", "cessation_of_operation")
# Rounds that meet; each begins again from what the other wrote.
TRIES = 6


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`{"do": "keep"}` makes what is due; `{"do": "revoke", "serial": hex, "reason": …}` revokes a signer first.

    A revocation is recorded before anything else, so that nothing is sealed with that signer any more whatever fails
    after it; the answer says in `revoked` which signers it was of. A signer that cannot be made is told when
    everything else is done and published.
    """
    from cryptography.x509 import random_serial_number

    from ryoji.issuance import records as ca

    now, rules, keys = datetime.now(UTC), seal_rules(), seal_keys.keys()
    revoked = _revoke(event, now) if event.get("do") == "revoke" else ()
    kept = _record(lambda records: ca.keep(records, keys, rules, now, random_serial_number))
    _publish(keys, rules)
    left = ca.signer_days_left(kept.records, rules, now)
    door.metrics.add_metric(name="SignerDaysLeft", unit="Count", value=left)
    lasting = ca.authority_days_left(kept.records, rules, now)
    door.metrics.add_metric(name="AuthorityDaysLeft", unit="Count", value=lasting)
    if kept.lacks and not revoked:
        raise Unavailable(kept.lacks)
    # What was asked is done where a signer was revoked: the answer says what is lacking, and the next round fails.
    done = {"outcome": "kept", "made": list(kept.made), "revoked": list(revoked)}
    return {**done, "signer_days_left": left, "lacks": kept.lacks}


def _revoke(event: dict[str, Any], now: datetime) -> tuple[str, ...]:
    """The serials of what is revoked then."""
    from ryoji.issuance import records as ca

    if event.get("reason") not in REASONS:
        raise Invalid("reason_unknown")
    serial, reason = str(event.get("serial", "")).lower(), event["reason"]
    kept = _record(lambda records: ca.Kept(ca.revoke(records, serial, reason, now)))
    return ca.taken_along(kept.records, serial, reason)


def _record(change: Callable[[Records], Kept]) -> Kept:
    """Change the records; again, on what is there then, when another round was first."""
    for _ in range(TRIES):
        before, tag = trust_store.read_records()
        kept = change(before)
        if kept.records == before:
            return kept
        with suppress(Conflict):
            trust_store.write_records(kept.records, tag)
            return kept
    raise Conflict("conflict")


def _publish(keys: Keys, rules: SealRules) -> None:
    """Publish what the records say; again when they changed meanwhile, or an older list would take the newer's place.

    Who publishes last looks last, so that what stands there in the end is what was recorded last.
    """
    from ryoji.issuance import records as ca

    records, tag = trust_store.read_records()
    for _ in range(TRIES):
        trust_store.publish(ca.files(records, keys, rules, datetime.now(UTC)))
        records, newest = trust_store.read_records()
        if newest == tag:
            return
        tag = newest
    raise Conflict("conflict")
