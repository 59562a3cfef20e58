"""The port of the register of permissions: who issues puts, who ends changes, who asks reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ryoji.permissions.held import Held, Status
from ryoji.permissions.permission import Permission


@dataclass(frozen=True)
class Standing:
    """How one permission stands, for whoever holds its seal; `document` is the document's keyed hash.

    `sequence`: how far the case's history went when a change was told last; 0 where that was not noted.
    """

    number: str
    document: str
    case_id: str
    programme: str
    held: Held
    sequence: int = 0

    def status_on(self, day: date) -> Status:
        """Its status on a day: a permission whose last day has passed is expired, told or not."""
        over = self.held.status == "active" and day > self.held.valid_until
        return "expired" if over else self.held.status


class Register(Protocol):
    """What is in force, by travel document and by number. Every method may raise Unavailable."""

    def put(self, permission: Permission) -> bool:
        """Write a permission down; False when it stood there already. Refused when its number is another's."""
        ...

    def change_status(self, number: str, status: Status, at: datetime, *, sequence: int) -> bool:
        """Change a permission's status as of `at` (UTC); False when there was nothing to change.

        `sequence`: how far the case's history went that says so. Twice is once, and news that is older than what is
        known changes nothing (`ryoji.permissions.held.changed`). Raises NotFound when no permission has the number.
        """
        ...

    def forget(self, number: str) -> bool:
        """Delete a permission when its case is disposed of; False when there is none of that number.

        A document with no other permission is deleted as well.
        """
        ...

    def status_of(self, number: str) -> Standing | None:
        """How a permission stands, or None when there is none of that number."""
        ...

    def for_numbers(self, numbers: Sequence[str]) -> Mapping[str, Held | None]:
        """How permissions stand, by number, None where there is none; what cannot be read is missing."""
        ...

    def for_documents(self, documents: Sequence[str]) -> Mapping[str, tuple[Held, ...]]:
        """What is written for each document, by its keyed hash; nothing written is an empty tuple.

        A document that could not be read in time is missing from the answer.
        """
        ...
