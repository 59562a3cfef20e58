"""An accredited agency (代理申請機関): it files for travellers, within a quota, until it is suspended."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

CODE = r"[a-z0-9][a-z0-9-]{1,38}"


class Agency(BaseModel):
    """One agency. Its staff are accounts in the group `organisation:<code>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=f"^{CODE}$")
    name: str = Field(min_length=1, max_length=120)
    desk: str = Field(description="The desk that accredits it.")
    procedures: tuple[str, ...] = Field(description="What it may file.")
    monthly_quota: int = Field(ge=0, description="Applications a month.")
    suspended: bool = False
    reason: str | None = Field(default=None, description="Why it was suspended, for officers.")
    suspended_by: str | None = Field(default=None, description="Id of the officer who said so last.")
