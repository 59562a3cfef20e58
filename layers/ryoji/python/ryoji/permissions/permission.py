"""A visa or travel authorization in force for one travel document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ryoji.permissions.births import PARTIAL_PATTERN
from ryoji.permissions.documents import normal_number, normal_state
from ryoji.permissions.held import Entries, Held, Kind, Status

NUMBER_PATTERN = r"^[A-Z0-9][A-Z0-9-]{3,31}$"


def _number(text: str) -> str:
    number = normal_number(text)
    if number is None:
        raise ValueError("not a travel document's number")
    return number


def _state(text: str) -> str:
    state = normal_state(text)
    if state is None:
        raise ValueError("not a code of a state")
    return state


State = Annotated[str, AfterValidator(_state)]


class TravelDocument(BaseModel):
    """The document that a permission is for: both parts exactly as in its machine-readable zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuing_state: State
    number: Annotated[str, AfterValidator(_number)]


class Permission(BaseModel):
    """What was granted. Days are inclusive and those of the place of arrival; `since` is UTC.

    `birth_date` is what the document says, with XX for what it does not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(pattern=NUMBER_PATTERN)
    case_id: str
    kind: Kind
    programme: str
    document: TravelDocument
    birth_date: date | Annotated[str, Field(pattern=PARTIAL_PATTERN)]
    nationality: State
    valid_from: date
    valid_until: date
    entries: Entries
    stay_days: int = Field(ge=1)
    status: Status = "active"
    since: datetime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("it ends before it begins")
        if self.since.tzinfo is None:
            raise ValueError("a time without a zone")
        return self

    @property
    def born(self) -> str:
        """The birth date in its one form."""
        return str(self.birth_date)

    def held(self, claim: str) -> Held:
        """As the inquiry reads it; `claim` is the keyed hash of document and birth date."""
        return Held(
            self.number,
            self.kind,
            self.valid_from,
            self.valid_until,
            self.entries,
            self.status,
            self.since,
            claim,
        )
