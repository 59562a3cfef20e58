"""The books, folded from the same actions: every entry balances, and nothing is netted.

Accounts: `receivable` (asked for), `agent` (money with the designated payment agent, 指定納付受託者),
`revenue:<beneficiary>` (state or prefecture), `refunds_payable` (money that came without being owed, 過誤納金).
That the agent stands between payer and treasury is law; how the agent settles with the treasury is [K] and is
kept outside the case. Money that an officer must look at (`payment_mismatch`) is booked when the officer says
what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ryoji.payments.due import PaymentDue
from ryoji.payments.payment import Happened, Payment, fold

RECEIVABLE = "receivable"
AGENT = "agent"
REFUNDS_PAYABLE = "refunds_payable"


class Posting(BaseModel):
    """One side of an entry, in the currency's smallest unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    debit: int = Field(default=0, ge=0)
    credit: int = Field(default=0, ge=0)


class Entry(BaseModel):
    """One booking. `sequence` and `cause` are those of the action that it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    at: datetime
    cause: str
    currency: str
    postings: tuple[Posting, ...]

    @model_validator(mode="after")
    def _balances(self) -> Entry:
        if sum(posting.debit - posting.credit for posting in self.postings):
            raise ValueError("an entry must balance")
        return self


def entries(actions: Iterable[Happened]) -> tuple[Entry, ...]:
    """The ledger of one case, oldest first."""
    booked: list[Entry] = []
    before: list[Happened] = []
    for action in actions:
        booked.extend(_book(action, before))
        before.append(action)
    return tuple(booked)


def balances(booked: Iterable[Entry]) -> dict[str, int]:
    """Debit minus credit by account; over all accounts the sum is 0."""
    sums: dict[str, int] = {}
    for entry in booked:
        for posting in entry.postings:
            sums[posting.account] = sums.get(posting.account, 0) + posting.debit - posting.credit
    return sums


def _book(action: Happened, before: list[Happened]) -> Iterator[Entry]:
    book = _BOOKS.get(action.kind)
    if book is None:
        return
    for currency, postings in book(action, fold(before)):
        moved = tuple(posting for posting in postings if posting.debit or posting.credit)
        if moved:
            yield Entry(
                sequence=action.sequence, at=action.at, cause=action.kind, currency=currency, postings=moved
            )


Lines = Iterator[tuple[str, list[Posting]]]


def _fee_due(action: Happened, payment: Payment) -> Lines:
    yield from _drop(payment)
    due = PaymentDue.model_validate({**action.body, "sequence": action.sequence})
    yield due.currency, [Posting(account=RECEIVABLE, debit=due.total), *_revenue(due, due.total, "credit")]


def _ended(_action: Happened, payment: Payment) -> Lines:
    yield from _drop(payment)


def _decided(action: Happened, payment: Payment) -> Lines:
    if action.body["outcome"] == "refuse":
        yield from _drop(payment)


def _drop(payment: Payment) -> Lines:
    """Take back a demand that nobody has paid and nobody will."""
    due = payment.due
    if due is None or payment.paid_by or payment.closed:
        return
    yield due.currency, [*_revenue(due, due.total, "debit"), Posting(account=RECEIVABLE, credit=due.total)]


def _paid(action: Happened, _payment: Payment) -> Lines:
    amount = action.body["amount"]
    yield (
        action.body["currency"],
        [Posting(account=AGENT, debit=amount), Posting(account=RECEIVABLE, credit=amount)],
    )


def _refund_due(action: Happened, payment: Payment) -> Lines:
    amount, intent = action.body["amount"], action.body["payment_intent"]
    owed = Posting(account=REFUNDS_PAYABLE, credit=amount)
    if intent in payment.paid:
        due = payment.dues[payment.paid[intent]]
        yield action.body["currency"], [*_revenue(due, amount, "debit"), owed]
        return
    # Money that never was revenue: a duplicate, too late, or for another demand.
    yield action.body["currency"], [Posting(account=AGENT, debit=amount), owed]


def _refunded(action: Happened, _payment: Payment) -> Lines:
    amount = action.body["amount"]
    yield (
        action.body["currency"],
        [Posting(account=REFUNDS_PAYABLE, debit=amount), Posting(account=AGENT, credit=amount)],
    )


def _revenue(due: PaymentDue, amount: int, side: str) -> list[Posting]:
    """Spread an amount over the beneficiaries in the order of the fee's lines."""
    postings, left = [], amount
    for item in due.items:
        part = min(item.owed, left)
        left -= part
        postings.append(Posting.model_validate({"account": f"revenue:{item.beneficiary}", side: part}))
    if left:
        # More goes back than was taken: the entry must balance, and this account must be empty.
        postings.append(Posting.model_validate({"account": "unexplained", side: left}))
    return postings


_BOOKS: dict[str, Callable[[Happened, Payment], Lines]] = {
    "fee_due": _fee_due,
    "withdrawn": _ended,
    "lapsed": _ended,
    "decided": _decided,
    "paid": _paid,
    "refund_due": _refund_due,
    "refunded": _refunded,
}
