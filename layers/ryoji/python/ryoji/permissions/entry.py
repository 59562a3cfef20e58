"""Who needs a permission to board at all: rules with dates, from `procedures/entry/*.yaml` and the programmes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Freed:
    """Nationals of these states need none, on these days (`until` is inclusive; None: no end is known).

    `yields`: it is a list for programmes to take states from, each while it is in force. The same shape says of a
    programme whose nationals need its authorization, and when.
    """

    name: str
    states: frozenset[str]
    first: date
    until: date | None
    yields: bool = False

    def on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.first <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class EntryRules:
    """All rules of one country of arrival; nationals of a programme in force are freed by none of them."""

    freed: tuple[Freed, ...]
    programmes: tuple[Freed, ...] = ()
    # A flight's passengers arrive on one day, and all flights of a worker on a few.
    _free: dict[date, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def needs_permission(self, issuing_state: str, nationality: str, day: date) -> bool:
        """Whether a permission must be in force: always, unless a rule frees nationals with their own passport."""
        if issuing_state != nationality:
            return True
        free = self._free.get(day)
        if free is None:
            free = self._free[day] = self._free_on(day)
        return nationality not in free

    def _free_on(self, day: date) -> frozenset[str]:
        named = frozenset[str]().union(*(each.states for each in self.programmes if each.on(day)))
        return frozenset[str]().union(*(rule.states for rule in self.freed if rule.on(day))) - named


def entry_rules(
    data: Mapping[str, Mapping[str, Any]], programmes: Iterable[Mapping[str, Any]] = ()
) -> EntryRules:
    """The rules from their file, and the programmes (`ryoji.catalogue.entry`).

    Raises ValueError for a rule without a known mark or source.
    """
    return EntryRules(
        tuple(freed(name, rule) for name, rule in sorted(data.items())),
        tuple(_dated(each["programme"], each) for each in programmes),
    )


def freed(name: str, rule: Mapping[str, Any]) -> Freed:
    """One rule of a file; raises ValueError when it has no known mark or source."""
    if rule.get("mark") not in ("F", "K") or not rule.get("source"):
        raise ValueError(f"{name}: where it is from and whether it was verified must be said")
    return _dated(name, rule)


def _dated(name: str, rule: Mapping[str, Any]) -> Freed:
    until = rule.get("until")
    return Freed(
        name,
        frozenset(rule["states"]),
        _day(rule["from"]),
        _day(until) if until else None,
        rule.get("yields_to_programmes") is True,
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
