"""Every row of japan.md §1.3 and §1.4, the days around a change, and what is not known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ryoji.catalogue.definition import FeeUse
from ryoji.catalogue.fees import FeeFacts, FeeTable, FeeTables
from ryoji.errors import Invalid, Rejected

if TYPE_CHECKING:
    from ryoji.catalogue.definition import Procedure
    from ryoji.catalogue.fees import Fee
    from ryoji.catalogue.loading import Catalogue

NOW = date(2026, 11, 23)
BEFORE = date(2025, 3, 23)
SINCE = date(2025, 3, 24)


def fee(catalogue: Catalogue, procedure: Procedure, office: str = "prefecture-tokyo", **facts: Any) -> Fee:
    facts = {"date": NOW, "age": 30, **facts}
    return catalogue.fees.fee_for(procedure, FeeFacts(office=catalogue.office(office), **facts))


DOMESTIC = [
    # validity, age, counter, online, before 2025-03-24
    ("10", 18, 16_300, 15_900, 16_000),
    ("5", 12, 11_300, 10_900, 11_000),
    ("5", 70, 11_300, 10_900, 11_000),
    ("5", 11, 6_300, 5_900, 6_000),
    ("5", 0, 6_300, 5_900, 6_000),
    ("same_expiry", 30, 6_300, 5_900, 6_000),
]


@pytest.mark.parametrize(("validity", "age", "counter", "online", "before"), DOMESTIC)
def test_at_a_prefecture(
    catalogue: Catalogue, renewal: Procedure, validity: str, age: int, counter: int, online: int, before: int
) -> None:
    assert fee(catalogue, renewal, validity=validity, age=age, channel="counter").amount == counter
    assert fee(catalogue, renewal, validity=validity, age=age, channel="online").amount == online
    for channel in ("counter", "online"):
        assert (
            fee(catalogue, renewal, validity=validity, age=age, channel=channel, date=BEFORE).amount == before
        )
        assert (
            fee(catalogue, renewal, validity=validity, age=age, channel=channel, date=SINCE).amount != before
        )


@pytest.mark.parametrize(("validity", "age", "counter", "online", "_before"), DOMESTIC)
def test_the_surcharge_at_a_prefecture(
    catalogue: Catalogue, renewal: Procedure, validity: str, age: int, counter: int, online: int, _before: int
) -> None:
    facts: dict[str, Any] = {"validity": validity, "age": age, "surcharge": True}
    by_counter = fee(catalogue, renewal, channel="counter", **facts)
    by_net = fee(catalogue, renewal, channel="online", **facts)
    assert (by_counter.amount, by_net.amount) == (counter + 6_000, online + 6_000)
    prefecture = sum(line.amount for line in by_counter.items if line.part == "prefecture")
    assert prefecture == 4_300


@pytest.mark.parametrize(
    ("validity", "age", "card", "with_surcharge"),
    [
        ("10", 18, 15_900, 21_900),
        ("5", 12, 10_900, 16_900),
        ("5", 11, 5_900, 11_900),
        ("same_expiry", 30, 5_900, 11_900),
    ],
)
def test_at_a_mission_by_card(
    catalogue: Catalogue, renewal: Procedure, validity: str, age: int, card: int, with_surcharge: int
) -> None:
    facts: dict[str, Any] = {"office": "mission-singapore", "validity": validity, "age": age}
    assert fee(catalogue, renewal, **facts).amount == card
    assert fee(catalogue, renewal, surcharge=True, **facts).amount == with_surcharge
    assert fee(catalogue, renewal, **facts).currency == "jpy"


def procedure_with(renewal: Procedure, item: str) -> Procedure:
    return renewal.model_copy(update={"fees": [FeeUse(table="passport", item=item)]})


def test_adding_a_destination_and_the_travel_document(catalogue: Catalogue, renewal: Procedure) -> None:
    adding = procedure_with(renewal, "add_destination")
    assert fee(catalogue, adding, channel="counter").amount == 1_600
    with pytest.raises(Rejected, match="fee_not_known"):
        fee(catalogue, adding, channel="online")
    with pytest.raises(Rejected, match="fee_not_known"):
        fee(catalogue, adding, office="mission-singapore")

    travel = procedure_with(renewal, "travel_document")
    assert fee(catalogue, travel, channel="counter").amount == 2_500
    assert fee(catalogue, travel, channel="online").amount == 2_500
    assert fee(catalogue, travel, office="mission-singapore").amount == 2_500


def test_who_gets_which_part(catalogue: Catalogue, renewal: Procedure) -> None:
    told = fee(catalogue, renewal, validity="10")
    assert [(line.label, line.amount) for line in told.items] == [
        ("fee.passport_10.state", 14_000),
        ("fee.passport_10.prefecture", 1_900),
    ]
    assert "L1 art 20(1)" in told.source
    assert told.as_of == NOW


def test_cash_at_a_mission_is_not_known_and_not_guessed(catalogue: Catalogue, renewal: Procedure) -> None:
    for facts in ({"payment": "cash"}, {"channel": "counter"}):
        with pytest.raises(Rejected, match="fee_not_known") as caught:
            fee(catalogue, renewal, office="mission-singapore", validity="10", **facts)
        assert caught.value.params["day"] == "2026-11-23"
        assert caught.value.params["item"] == "passport_10"


def test_an_announced_change_is_told_and_not_charged(catalogue: Catalogue, renewal: Procedure) -> None:
    assert fee(catalogue, renewal, validity="10", date=date(2026, 6, 30)).notes == ()
    after = fee(catalogue, renewal, validity="10", date=date(2026, 7, 1))
    assert after.amount == 15_900
    assert after.notes == ("fee_note.announced_change",)
    unverified = [rate for rate in catalogue.fees.tables["passport"].rates if rate.unverified]
    assert {rate.amount for rate in unverified} == {7_000, 2_500}


def test_the_age_is_that_on_the_day_of_acceptance(catalogue: Catalogue, renewal: Procedure) -> None:
    answers = {"renewal": {"validity": "5"}, "person": {"birth_date": "2014-11-25"}}
    assert fee(catalogue, renewal, age=None, answers=answers, date=date(2026, 11, 23)).amount == 5_900
    assert fee(catalogue, renewal, age=None, answers=answers, date=date(2026, 11, 24)).amount == 10_900


def test_facts_that_are_missing_are_asked_for(catalogue: Catalogue, renewal: Procedure) -> None:
    for facts in ({}, {"validity": "5", "age": None}, {"validity": "7"}, {"surcharge": True}):
        with pytest.raises(Invalid, match="fee_facts_missing"):
            fee(catalogue, renewal, **facts)


def test_before_the_table_begins_nothing_is_known(catalogue: Catalogue, renewal: Procedure) -> None:
    with pytest.raises(Rejected, match="fee_not_known"):
        fee(catalogue, renewal, validity="10", date=date(2023, 3, 26))


def test_what_is_free_costs_nothing(catalogue: Catalogue, renewal: Procedure) -> None:
    free = fee(catalogue, renewal.model_copy(update={"fees": []}))
    assert (free.amount, free.items) == (0, ())


LOCAL = {
    "id": "consular",
    "rates": [
        {
            "items": ["residence"], "part": "consular", "office": "mission", "payments": ["card"], "amount": 1200,
            "from": "2025-04-01", "source": "L4 art 1(6)", "mark": "found",
        }
    ],
    "local": [
        {
            "file": "consular-fees-fy2025.csv", "from": "2025-04-01", "until": "2026-03-31",
            "items": {"residence": "9"}, "source": "L4 annex 1", "mark": "found",
        }
    ],
}  # fmt: skip


def test_local_currency_ends_with_its_ordinance(catalogue: Catalogue, renewal: Procedure) -> None:
    tables = FeeTables({"consular": FeeTable.model_validate(LOCAL)}, catalogue.fees.local)
    procedure = renewal.model_copy(update={"fees": [FeeUse(table="consular", item="residence")]})

    def due(office: str, day: date, **facts: Any) -> Fee:
        return tables.fee_for(procedure, FeeFacts(date=day, office=catalogue.office(office), **facts))

    cash = due("mission-singapore", date(2026, 3, 31), payment="cash", channel="counter")
    assert (cash.amount, cash.currency) == (1_100, "sgd")
    assert due("mission-indonesia", date(2025, 4, 1), payment="cash").amount == 130_000_00
    with pytest.raises(Rejected, match="fee_not_known"):
        due("mission-singapore", date(2026, 4, 1), payment="cash")
    assert due("mission-singapore", NOW, payment="card").amount == 1_200


def test_the_ordinances_table_is_whole(catalogue: Catalogue) -> None:
    rows = catalogue.raw["local_fees"]["consular-fees-fy2025.csv"]
    assert len(rows) == len({row["country"] for row in rows}) == 159
    table = catalogue.fees.local("consular-fees-fy2025.csv")
    assert len(table) == 159 * 19
    assert all(amount.amount > 0 for amount in table.values())
    kuwait = next(row for row in rows if row["country"] == "KW")
    assert table["KW", "9"].amount == round(float(kuwait["9"]) * 1000)


@given(
    day=st.dates(SINCE, date(2040, 12, 31)),
    age=st.integers(0, 110),
    validity=st.sampled_from(["10", "5", "same_expiry"]),
    channel=st.sampled_from(["online", "counter"]),
    surcharge=st.booleans(),
)
def test_a_domestic_fee_is_the_sum_of_its_parts_and_online_is_never_dearer(
    catalogue: Catalogue, day: date, age: int, validity: str, channel: Any, surcharge: bool
) -> None:
    procedure = catalogue.definition("passport-renewal", "2025-03-24")
    facts: dict[str, Any] = {"date": day, "age": age, "validity": validity, "surcharge": surcharge}
    told = fee(catalogue, procedure, channel=channel, **facts)
    assert told.amount == sum(line.amount for line in told.items)
    assert {line.part for line in told.items} == {"state", "prefecture"}
    online = fee(catalogue, procedure, channel="online", **facts)
    assert online.amount <= told.amount
    assert online.amount == fee(catalogue, procedure, office="mission-new-york", **facts).amount


def test_gaps_are_found_wherever_they_are() -> None:
    def table(*spans: tuple[str, str | None]) -> FeeTables:
        rates = [
            {"items": ["a"], "part": "state", "office": "prefecture", "amount": 1, "from": since, "until": until,
             "source": "x", "mark": "K"}
            for since, until in spans
        ]  # fmt: skip
        return FeeTables({"t": FeeTable.model_validate({"id": "t", "rates": rates})})

    def gaps(tables: FeeTables, until: date | None = None) -> list[date]:
        return list(tables.gaps(FeeUse(table="t", item="a"), "prefecture", "online", date(2025, 1, 1), until))

    assert gaps(table(("2025-01-01", None))) == []
    assert gaps(table(("2025-01-02", None))) == [date(2025, 1, 1)]
    assert gaps(table(("2024-01-01", "2025-05-31"), ("2025-06-01", None))) == []
    assert gaps(table(("2024-01-01", "2025-05-31"), ("2025-06-02", None))) == [date(2025, 6, 1)]
    assert gaps(table(("2024-01-01", "2025-05-31"))) == [date(2025, 6, 1)]
    assert gaps(table(("2024-01-01", "2025-05-31")), date(2025, 5, 31)) == []
    assert gaps(table(("2023-01-01", "2023-12-31"), ("2024-01-01", None))) == []
