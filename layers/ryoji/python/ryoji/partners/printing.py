"""The printing partner: passport books are made centrally by the National Printing Bureau (since 2025-03-24).

The port speaks of orders and books. The partner knows an order by its id, so asking twice makes one book; the book's
number comes back through our partner API (`POST /partner/production/{order_id}/result`, a `ProductionResult`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

BOOK_NUMBER = r"^[A-Z]{2}[0-9]{7}$"

Stage = Literal["received", "spoiled", "produced"]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Holder(_Message):
    """What is printed in the book, and nothing else of the person: no address, no telephone, no e-mail."""

    surname: str = Field(max_length=39)
    given_names: str = Field(max_length=39)
    birth_date: date
    sex: Literal["F", "M", "X"]
    domicile: str = Field(description="Prefecture of the registered domicile (本籍), as printed.")


class Order(_Message):
    """One book to be made for one office. `validity` is 5 or 10 (years), or the day on which it is to end."""

    order_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
    office: str = Field(max_length=64)
    validity: str = Field(pattern=r"^(5|10|\d{4}-\d{2}-\d{2})$")
    holder: Holder | None = None


class OrderState(_Message):
    """Where an order stands at the partner; the number is there once the book is."""

    order_id: str
    stage: Stage
    received_at: datetime
    book_number: str | None = Field(default=None, pattern=BOOK_NUMBER)
    produced_on: date | None = None
    expires_on: date | None = None


class ProductionResult(_Message):
    """A produced book, as the partner registers it."""

    book_number: str = Field(pattern=BOOK_NUMBER)
    produced_on: date
    expires_on: date


class Printing(Protocol):
    """The partner. Raises `Unavailable("printing.unavailable")` when it does not answer: order again later."""

    def order(self, order: Order) -> OrderState:
        """Have a book made; raises `Refused("printing.order_differs")` when the id stands for another order."""
