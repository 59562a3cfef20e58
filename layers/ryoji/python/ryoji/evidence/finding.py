"""What a check found. A finding never decides: an officer does."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["pass", "review", "fail", "unavailable"]

_GRAVITY: dict[Outcome, int] = {"pass": 0, "review": 1, "unavailable": 2, "fail": 3}


class Reason(BaseModel):
    """One measured rule: its message code `finding.<check>.<code>`, and what was measured against what is required."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    code: str
    outcome: Outcome
    measured: str | None = None
    required: str | None = None
    unit: str | None = None
    pointer: str | None = None


class Finding(BaseModel):
    """The outcome of one check with its reasons, and the facts that the check read (shape is the check's own)."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    check: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    facts: dict[str, Any] = {}


def gravest(reasons: tuple[Reason, ...]) -> Outcome:
    """The outcome of a check is that of its gravest reason; no reason is a pass."""
    return max((reason.outcome for reason in reasons), key=_GRAVITY.__getitem__, default="pass")
