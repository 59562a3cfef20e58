"""Marks in memory: what `ryoji.adapters.mark_table` keeps in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ryoji.evidence.screening.marks import Mark, Sharing


@dataclass
class MemoryMarks:
    kept: dict[Mark, dict[str, Sharing]] = field(default_factory=dict)

    def sharing(self, mark: Mark, most: int) -> Sequence[Sharing]:
        same = [
            each
            for known, cases in self.kept.items()
            for each in cases.values()
            if known.message == mark.message
        ]
        return same[:most]

    def keep(
        self,
        mark: Mark,
        case_id: str,
        person: str | None,
        reference: str | None = None,
        desk: str | None = None,
    ) -> None:
        self.kept.setdefault(mark, {})[case_id] = Sharing(case_id, person, mark.shape, reference, desk)
