"""What the service signs, a carrier's own code takes; nothing else, and nothing old."""

from __future__ import annotations

from datetime import UTC, datetime

from ryoji.adapters.carriers_http import signature
from simulators.carrier.signatures import genuine

KEY = bytes(32)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_push_is_genuine_until_it_is_old_or_changed() -> None:
    now, signed = AT.timestamp(), signature(KEY, b"{}", AT)
    assert genuine(signed, "{}", KEY, now)
    assert genuine(signed, "{}", KEY, now + 290)
    assert not genuine(signed, "{}", KEY, now + 310)
    assert not genuine(signed, "{ }", KEY, now)
    assert not genuine(signed, "{}", bytes(31) + b"x", now)
    assert not genuine(signed.replace("t=1", "t=2"), "{}", KEY, now)
    assert not genuine("", "{}", KEY, now)
