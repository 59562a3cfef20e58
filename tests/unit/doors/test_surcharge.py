"""Who left a passport uncollected until it lapsed pays more for the next one: once, and as long as the table says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ryoji.cases import commands
from ryoji.cases.actions import happened
from ryoji.cases.earlier import remembered
from ryoji.cases.log import read
from ryoji.payments.due import PaymentDue
from tests.unit.cases import walking
from tests.unit.cases.walking import CASE, Walk
from tests.unit.doors.calling import HOLDER, House, doors, modules
from tests.unit.doors.conftest import Today

EARLIER, OTHER = "a" * 24, "b" * 24
ACCEPTED = date(2026, 11, 23)
PLAIN, MORE = 15_900, 21_900


def ended_on(day: date, walk: Walk) -> Walk:
    """The same history, so much earlier that it ended on that day."""
    walk.actions = [walking.changed(each, at=each.at - (ACCEPTED - day)) for each in walk.actions]
    return walk


def of(walk: Walk, kind: str, **body: Any) -> Walk:
    """The same history with other words in the actions of a kind."""
    walk.actions = [
        walking.changed(each, body={**each.body, **body}) if each.kind == kind else each
        for each in walk.actions
    ]
    return walk


def uncollected(case_id: str = EARLIER) -> Walk:
    """The book waited, and nobody came."""
    return walking.collection(case_id).do(commands.pass_deadline, task="handover", then="lapse")


@pytest.fixture(autouse=True)
def _afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules()["collect_fee"], "datetime", Today)


def falls_due(house: House, walk: Walk) -> int:
    """What the machine's step fixes as the fee of a case."""
    house.keep(walk)
    event = {"do": "wait_for_payment", "case_id": walk.case_id, "token": "token-payment"}
    doors()["collect_fee"](event, SimpleNamespace(function_name="collect_fee", aws_request_id="1"))
    due = read(house.log, walk.case_id).payment.due
    assert due is not None
    return due.total


@pytest.mark.parametrize(
    ("lapsed_on", "total"),
    [
        (date(2026, 11, 22), MORE),
        (date(2021, 11, 23), MORE),
        (date(2021, 11, 22), PLAIN),
        # It lapsed after the next application was sent: the day of acceptance counts.
        (ACCEPTED, PLAIN),
    ],
)
def test_it_is_due_within_five_years_of_the_lapse(house: House, lapsed_on: date, total: int) -> None:
    house.keep(ended_on(lapsed_on, uncollected()))
    assert falls_due(house, walking.approved()) == total


def test_it_is_shown_paid_and_receipted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.keep(ended_on(date(2025, 11, 23), uncollected()))
    assert falls_due(house, walking.approved()) == MORE
    fee = house.call("GET", "/cases/{case_id}", HOLDER, case_id=CASE).json["fee"]
    labels = [line["label"] for line in fee["items"]]
    assert (fee["total"], sum(line["amount"] for line in fee["items"])) == (MORE, MORE)
    assert "Surcharge after an uncollected passport (state)" in labels

    asked: list[int] = []

    def start(_case_id: str, due: PaymentDue, _key: str) -> tuple[str, str]:
        asked.append(due.total)
        return "pi_1", "pi_1_secret"

    monkeypatch.setattr(modules()["collect_fee"], "gateway", lambda: SimpleNamespace(start=start))
    house.call("POST", "/cases/{case_id}/payment", HOLDER, body={}, case_id=CASE)
    assert asked == [MORE]

    walk = Walk(CASE, house.log.actions(CASE))
    facts = walking.intent_facts(amount=MORE, received=MORE)
    told = walk.do(commands.hear_of_payment, facts=facts, event="evt_1").actions[-1:]
    house.log.append(walk.case, told)
    receipt = house.call("GET", "/cases/{case_id}/receipt", HOLDER, case_id=CASE).json
    assert (receipt["total"], [line["label"] for line in receipt["items"]]) == (MORE, labels)


@pytest.mark.parametrize(
    "earlier", [walking.refused, walking.withdrawn, walking.lapsed, walking.completed, walking.collection]
)
def test_only_a_book_that_was_not_collected_costs_more(house: House, earlier: Callable[..., Walk]) -> None:
    house.keep(ended_on(date(2025, 11, 23), earlier(EARLIER)))
    assert falls_due(house, walking.approved()) == PLAIN


def test_another_person_pays_no_more(house: House) -> None:
    house.keep(of(ended_on(date(2025, 11, 23), uncollected()), "submitted", person="other-hash"))
    assert falls_due(house, walking.approved()) == PLAIN


def test_a_book_that_expired_while_it_waited_did_not_lapse_by_that(house: House) -> None:
    expired = of(uncollected(), "produced", expires_on="2025-11-22")
    house.keep(ended_on(date(2025, 11, 23), expired))
    assert falls_due(house, walking.approved()) == PLAIN


@pytest.mark.parametrize(
    ("between", "total"),
    [(walking.completed, PLAIN), (walking.refused, MORE), (walking.withdrawn, MORE), (uncollected, MORE)],
)
def test_the_first_that_is_paid_for_bears_it(house: House, between: Callable[..., Walk], total: int) -> None:
    house.keep(ended_on(date(2024, 11, 23), uncollected()))
    house.keep(ended_on(date(2025, 11, 23), between(OTHER)))
    assert falls_due(house, walking.approved()) == total


def test_many_applications_push_no_uncollected_book_out(house: House) -> None:
    kept = house.keep(ended_on(date(2024, 11, 23), uncollected()))
    assert remembered(kept.case)
    for number in range(50):
        house.keep(ended_on(ACCEPTED - timedelta(days=number + 1), walking.withdrawn(f"{number:024}")))
    assert falls_due(house, walking.approved()) == MORE


def test_no_other_case_is_read_where_nothing_asks_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_all(_person: str) -> list[dict[str, Any]]:
        raise AssertionError("other cases were read")

    monkeypatch.setattr(house.log, "of_person", read_all)
    visa = of(walking.approved(), "opened", procedure="visa-tourism", version="2026-04-01")
    visa.then([happened("section_saved", section="collection", answers={"office": "mission-singapore"})])
    assert falls_due(house, visa) == 3_000
