"""Seals at the doors: the rules as compiled, whom to believe, and a verdict in words."""

from __future__ import annotations

import json
import time
from datetime import datetime
from functools import cache
from typing import Any

from ryoji.adapters import trust_store
from ryoji.doors.texts import beside, texts
from ryoji.issuance.seal_profile import SealRules
from ryoji.issuance.trust import Trust, read_trust
from ryoji.issuance.verification import PermissionStatus, Verdict, told, verify

# How long a worker believes a list before it asks again: a revocation shows within a minute.
_FRESH_SECONDS = 60.0
_kept: list[tuple[float, Trust]] = []


@cache
def seal_rules() -> SealRules:
    """procedures/rules/seals.yaml, as compiled into the layer."""
    return SealRules.model_validate(json.loads((beside() / "ryoji-rules.json").read_bytes())["seals"])


def believed() -> Trust:
    """The published trust list. Raises `Unavailable("trust_list_missing")`, `Invalid("trust_list_wrong")`."""
    if _kept and time.monotonic() - _kept[0][0] < _FRESH_SECONDS:
        return _kept[0][1]
    trust = read_trust(trust_store.published_list())
    _kept[:] = [(time.monotonic(), trust)]
    return trust


def forget() -> None:
    """Ask for the list again at once."""
    _kept.clear()


def verdict_of(
    text: str, register: PermissionStatus, language: str, now: datetime, zone: str | None = None
) -> dict[str, Any]:
    """The answer of the public verification: docs/seals.md. `zone`: what is printed, to compare with the seal."""
    trust = believed()
    verdict = verify(text, trust, seal_rules(), now)
    return {
        **verdict_view(verdict, trust, register, language, now),
        "printed": _printed(zone, verdict) if zone is not None else None,
    }


def _printed(zone: str, verdict: Verdict) -> dict[str, Any]:
    from dataclasses import asdict

    from ryoji.issuance.printed import Printed, compare_printed, lines_of

    if verdict.status != "VALID":
        return asdict(Printed("NOT_COMPARED"))
    return asdict(compare_printed(lines_of(zone), verdict.content, verdict.state))


def verdict_view(
    verdict: Verdict, trust: Trust, register: PermissionStatus, language: str, now: datetime
) -> dict[str, Any]:
    """A verdict in words, with what became of the permission, which is asked only for a seal that is true."""
    number = verdict.content.get("number") if verdict.checks["content"] == "pass" else None
    permission = register.status_of(str(number)) if verdict.status == "VALID" and number else "not_checked"
    key = f"seal.status.{verdict.status.lower()}"
    return {
        **told(verdict, trust, permission, now),
        "text": texts().text(f"{key}.text", language),
        "mend": texts().text(f"{key}.mend", language),
    }
