"""An accredited agency (代理申請機関): it files for travellers, within a quota, until it is suspended."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

CODE = r"[a-z0-9][a-z0-9-]{1,38}"
# So many changes stand with the agency; every one is in the log, too.
MOST_CHANGES = 100

Deed = Literal["accredited", "changed", "suspended", "restored", "staff_added", "staff_removed"]


class Change(BaseModel):
    """What an officer did to an agency; `by` is the officer's id."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    at: datetime
    by: str
    name: str = ""
    did: Deed
    account: str | None = Field(default=None, description="Whose account was added or removed.")


class Agency(BaseModel):
    """One agency. Its staff are accounts in the group `organisation:<code>`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    code: str = Field(pattern=f"^{CODE}$")
    name: str = Field(min_length=1, max_length=120)
    desk: str = Field(description="The desk that accredits it.")
    procedures: tuple[str, ...] = Field(description="What it may file.")
    monthly_quota: int = Field(ge=0, description="Applications a month.")
    email: str | None = Field(
        default=None, description="Where it is written to; None if accredited before this was asked."
    )
    suspended: bool = False
    reason: str | None = Field(default=None, description="Why it was suspended, for officers.")
    suspended_by: str | None = Field(default=None, description="Id of the officer who said so last.")
    changes: tuple[Change, ...] = Field(default=(), description="Who did what when, the latest last.")

    def with_change(self, change: Change) -> Self:
        """The agency with one more change noted."""
        return self.model_copy(update={"changes": (*self.changes, change)[-MOST_CHANGES:]})
