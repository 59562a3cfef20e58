"""A register of permissions in memory: one entry a number, changed by the rule that the table's adapter goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ryoji.errors import NotFound
from ryoji.permissions.held import Held, Status, changed
from ryoji.permissions.permission import Permission


@dataclass
class MemoryRegister:
    """As much of `ryoji.permissions.register.Register` as a publication needs."""

    held: dict[str, Held] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def put(self, permission: Permission) -> bool:
        """Write a permission down, once."""
        if permission.number in self.held:
            return False
        self.held[permission.number] = permission.held("claim")
        return True

    def change_status(self, number: str, status: Status, at: datetime, *, sequence: int) -> bool:
        """Change a permission's status, unless something newer is known."""
        if number not in self.held:
            raise NotFound("permission_not_found")
        known = self.known.get(number, 0)
        after = changed(self.held[number], status, at, sequence=sequence, known=known)
        self.known[number] = max(known, sequence)
        self.held[number] = after or self.held[number]
        return after is not None
