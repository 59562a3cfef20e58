"""A case log in memory, as strict as the table: one append is all or nothing, and a taken number is a conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ryoji.adapters.case_table import HELD
from ryoji.cases.actions import Action
from ryoji.cases.case import Case, fold
from ryoji.cases.earlier import remembered
from ryoji.cases.log import Once, SlotChange
from ryoji.cases.summary import Place, place_of, summarise
from ryoji.errors import Conflict, Refused


@dataclass
class MemoryLog:
    """`ryoji.cases.log.Log` and the lists beside it. `first` are others' writes that come before the next appends."""

    histories: dict[str, list[Action]] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    summaries: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, str | None] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    first: list[Callable[[MemoryLog], None]] = field(default_factory=list)
    appends: int = 0
    conflicts: int = 0

    def actions(self, case_id: str) -> list[Action]:
        """All actions of a case, oldest first."""
        return list(self.histories.get(case_id, []))

    def once(self, case_id: str, key: str) -> str | None:
        """The digest recorded under an idempotency key."""
        return self.keys.get((case_id, key))

    def append(
        self, case: Case, actions: list[Action], once: Once | None = None, slots: tuple[SlotChange, ...] = ()
    ) -> None:
        """All or nothing, behind whatever somebody else wrote first."""
        if self.first:
            (write, *rest), self.first = self.first, []
            write(self)
            self.first = rest
        held = self.histories.get(case.case_id, [])
        known = once is not None and (case.case_id, once.key) in self.keys
        if known or case.case_id in self.closed or actions[0].sequence != len(held) + 1:
            self.conflicts += 1
            raise Conflict("conflict")
        if any(action.kind == "submitted" for action in actions) and case.reference:
            if self.references.get(case.reference, case.case_id) != case.case_id:
                self.conflicts += 1
                raise Conflict("conflict")
            self.references[case.reference] = case.case_id
        self._take(slots)
        self.appends += 1
        self.histories[case.case_id] = [*held, *actions]
        self.summaries[case.case_id] = summarise(case)
        self.people[case.case_id], self.holders[case.case_id] = case.person, case.holder
        if once:
            self.keys[case.case_id, once.key] = once.digest

    def holder_of(self, reference: str) -> str | None:
        """The case whose own a reference number is."""
        return self.references.get(reference)

    def _take(self, slots: tuple[SlotChange, ...]) -> None:
        after = dict(self.places)
        for change in slots:
            place = (change.office, change.start)
            if change.take > 0 and after.get(place, 0) >= change.capacity:
                raise Refused("slot_full")
            after[place] = after.get(place, 0) + change.take
        self.places = after

    def held_by(self, holder: str, before: Place | None = None) -> list[dict[str, Any]]:
        """Summaries of an applicant's cases: a page and one more."""
        held = [row for case_id, row in self.summaries.items() if self.holders[case_id] == holder]
        rows = [row for row in held if before is None or place_of(row) < before]
        return sorted(rows, key=place_of, reverse=True)[: HELD + 1]

    def queue(self, desk: str, status: str, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """A desk's queue, on one page."""
        del cursor
        rows = [row for row in self.summaries.values() if (row["desk"], row["status"]) == (desk, status)]
        return rows, None

    def by_reference(self, reference: str) -> str | None:
        """The case id behind a reference number."""
        found = (row["case_id"] for row in self.summaries.values() if row["reference"] == reference)
        return next(found, None)

    def summary(self, case_id: str) -> dict[str, Any] | None:
        """The summary of one case."""
        return self.summaries.get(case_id)

    def of_person(self, person: str) -> list[dict[str, Any]]:
        """Summaries of a person's latest cases and of all with a remembered outcome."""
        rows = [row for case_id, row in self.summaries.items() if self.people[case_id] == person]
        rows.sort(key=lambda row: str(row["opened_at"]), reverse=True)
        kept = {
            row["case_id"] for row in rows if remembered(fold(row["case_id"], self.actions(row["case_id"])))
        }
        return [row for place, row in enumerate(rows) if place < 50 or row["case_id"] in kept]

    def changed_on(self, day: date) -> Iterator[dict[str, Any]]:
        """Summaries of the cases that last changed on a day."""
        return (row for row in list(self.summaries.values()) if row["updated_at"][:10] == day.isoformat())

    def changed_in(self, hour: datetime) -> Iterator[dict[str, Any]]:
        """Summaries of the cases that last changed in an hour."""
        rows = self.changed_on(hour.date())
        return (row for row in rows if row["updated_at"].startswith(hour.strftime("%Y-%m-%dT%H")))

    def visits(self, office: str, day: str) -> list[dict[str, Any]]:
        """An office's appointments of a day, in order."""
        booked = [
            row for row in self.summaries.values() if (row["appointment"] or {}).get("office") == office
        ]
        rows = [row for row in booked if row["appointment"]["start"].startswith(day)]
        return sorted(rows, key=lambda row: str(row["appointment"]["start"]))

    def ended_before(
        self, desk: str, status: str, day: date, *, latest_first: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Summaries of a desk's cases that ended before a day, longest ago first, or latest."""
        rows = self.queue(desk, status, None)[0]
        rows.sort(key=lambda row: str(row["ended_at"])[:10], reverse=latest_first)
        return (row for row in rows if row["ended_at"][:10] < day.isoformat())

    def close(self, row: dict[str, Any]) -> bool:
        """Let nothing more happen to a case, unless something has since this summary."""
        case_id = row["case_id"]
        if self.summaries.get(case_id, {}).get("updated_at") != row["updated_at"]:
            return False
        self.closed.add(case_id)
        return True

    def dispose(self, case_id: str) -> None:
        """Delete all that is kept of a case."""
        for kept in (self.histories, self.summaries, self.people, self.holders):
            kept.pop(case_id, None)
        self.keys = {key: value for key, value in self.keys.items() if key[0] != case_id}

    def taken(self, office: str, first: str, last: str) -> dict[str, int]:
        """How many places are taken between two local times."""
        return {s: n for (o, s), n in self.places.items() if o == office and first <= s <= last}
