"""Who needs a permission to board at all: rules with dates, from `procedures/entry/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Freed:
    """Nationals of these states need none, on these days (`until` is inclusive; None: no end is known)."""

    name: str
    states: frozenset[str]
    first: date
    until: date | None

    def on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.first <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class EntryRules:
    """All rules of one country of arrival."""

    freed: tuple[Freed, ...]

    def needs_permission(self, issuing_state: str, nationality: str, day: date) -> bool:
        """Whether a permission must be in force: always, unless a rule frees nationals with their own passport."""
        if issuing_state != nationality:
            return True
        return not any(nationality in rule.states and rule.on(day) for rule in self.freed)


def entry_rules(data: Mapping[str, Mapping[str, Any]]) -> EntryRules:
    """The rules from their file; raises ValueError for a rule without a known mark or source."""
    return EntryRules(tuple(_freed(name, rule) for name, rule in sorted(data.items())))


def _freed(name: str, rule: Mapping[str, Any]) -> Freed:
    if rule.get("mark") not in ("F", "K") or not rule.get("source"):
        raise ValueError(f"{name}: where it is from and whether it was verified must be said")
    until = rule.get("until")
    return Freed(name, frozenset(rule["states"]), _day(rule["from"]), _day(until) if until else None)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
