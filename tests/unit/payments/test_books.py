"""Fees and receipts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from ryoji.errors import NotFound, Refused
from ryoji.payments import PaymentDue, receipt, require_card
from ryoji.payments.receipt import fiscal_year
from tests.unit.payments.recording import ITEMS, Log, facts, payment_due, started


def test_what_is_due_adds_up_and_keeps_what_the_table_says() -> None:
    due = payment_due(ITEMS, "JPY", date(2026, 4, 30), "FY2025")
    assert (due.total, due.currency, due.by) == (15900, "jpy", "2026-04-30")
    assert due.body()["items"][0]["label"] == "…"
    assert PaymentDue.model_validate(due.body()) == due


def test_a_waived_line_stays_and_costs_nothing() -> None:
    due = payment_due([ITEMS[0], {**ITEMS[1], "waived": "disaster"}], "jpy", date(2026, 4, 30), "FY2025")
    assert (len(due.items), due.total) == (2, 14000)


def test_a_total_that_is_not_the_sum_is_refused() -> None:
    with pytest.raises(ValidationError):
        PaymentDue.model_validate({"items": ITEMS, "total": 1, "currency": "jpy", "by": "", "source": ""})


@pytest.mark.parametrize(
    ("items", "currency", "code"),
    [(ITEMS, "inr", "payment.not_by_card"), ([], "jpy", "payment.nothing_due")],
)
def test_only_an_amount_in_yen_goes_by_card(items: list[dict[str, object]], currency: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        require_card(payment_due(items, currency, date(2026, 4, 30), "FY2025"))
    assert refused.value.code == code
    require_card(payment_due(ITEMS, "jpy", date(2026, 4, 30), "FY2025"))


def test_the_receipt_is_numbered_by_the_fiscal_year_in_tokyo_and_names_the_case_only() -> None:
    log = started()
    log.hear(facts())
    slip = receipt(log.payment, "RJ-7K3M-92QX")
    assert slip.number == "2025-RJ-7K3M-92QX-1"
    assert slip.payer == "RJ-7K3M-92QX"
    assert slip.total == 15900
    assert slip.notes == ("no_mission_receipt", "exchange_fee")
    assert slip == receipt(log.payment, "RJ-7K3M-92QX")


def test_there_is_no_receipt_without_a_payment() -> None:
    with pytest.raises(NotFound):
        receipt(Log().payment, "RJ-7K3M-92QX")


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), 2025),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, tzinfo=UTC), 2026),
    ],
)
def test_the_fiscal_year_turns_at_midnight_in_tokyo(at: datetime, year: int) -> None:
    assert fiscal_year(at) == year
