"""The ministry's figures: counted once however often they are heard of, and read by whose they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ryoji.adapters import aws
from ryoji.adapters.statistics_table import StatisticsTable
from ryoji.cases.statistics import figure_of
from tests.unit.cases import walking
from tests.unit.cases.walking import Walk
from tests.unit.doors.calling import House, doors, officer
from tests.unit.doors.conftest import Today

PATH = "/desk/statistics/{desk}"
MONTH = "2026-11"


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The table, in a stand-in of DynamoDB within the test's own process."""
    import boto3
    from moto import mock_aws

    monkeypatch.setenv("STATISTICS_TABLE", "statistics")
    monkeypatch.setenv("AWS_REGION", "ap-northeast-1")
    aws.client.cache_clear()
    with mock_aws():
        boto3.client("dynamodb", region_name="ap-northeast-1").create_table(
            TableName="statistics",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("place", "item")],
            KeySchema=[
                {"AttributeName": "place", "KeyType": "HASH"},
                {"AttributeName": "item", "KeyType": "RANGE"},
            ],
        )
        yield
    aws.client.cache_clear()


def hear(*actions: tuple[str, int]) -> list[Any]:
    """Let the queue bring these actions; what is to come again."""
    records = [
        {
            "messageId": str(n),
            "eventSource": "aws:sqs",
            "body": json.dumps({"case_id": case_id, "sequence": sequence}),
        }
        for n, (case_id, sequence) in enumerate(actions)
    ]
    context = SimpleNamespace(
        function_name="count_cases", aws_request_id="lambda-1", memory_limit_in_mb=128,
        get_remaining_time_in_millis=lambda: 9000,
    )  # fmt: skip
    failed: list[Any] = doors()["count_cases"]({"Records": records}, context)["batchItemFailures"]
    return failed


def counting(walk: Walk) -> list[tuple[str, int]]:
    return [(a.case_id, a.sequence) for a in walk.actions if figure_of(a.kind, a.body)]


def row(house: House, desk: str = walking.DESK, **query: str) -> dict[str, Any]:
    answer = house.call("GET", PATH, officer(desk=desk), query={"month": MONTH, **query}, desk=desk)
    (found,) = answer.json["rows"]
    return dict(found)


@pytest.mark.usefixtures("figures")
def test_figures_are_read_with_names_in_the_officers_language(house: House) -> None:
    assert hear(*counting(house.keep(walking.completed()))) == []
    found = row(house)
    assert {found[name] for name in ("received", "issued")} == {1}
    assert {found[name] for name in ("refused", "withdrawn", "lapsed", "days")} == {0}
    assert (found["desk_title"], found["nationality_text"]) == ("Tokyo passport office", "Japan")
    assert (found["family"], found["nationality"]) == ("passport", "JPN")
    assert "山田" not in json.dumps(found, ensure_ascii=False)
    answer = house.call("GET", PATH, officer(), language="ja", query={"month": MONTH}, desk=walking.DESK)
    assert answer.json["rows"][0]["nationality_text"] == "日本"


@pytest.mark.usefixtures("figures")
def test_this_month_is_meant_where_none_is_named(house: House) -> None:
    answer = house.call("GET", PATH, officer(), desk=walking.DESK)
    assert (answer.json["month"], answer.json["rows"]) == (Today.now().isoformat()[:7], [])


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("month", ["2026-13", "2026-1", "november", "2026-11#x"])
def test_what_is_no_month_is_refused(house: House, month: str) -> None:
    answer = house.call("GET", PATH, officer(), query={"month": month}, desk=walking.DESK)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/month")


@pytest.mark.usefixtures("figures")
def test_an_officer_reads_their_own_desks_and_headquarters_all(house: House) -> None:
    hear(*counting(house.keep(walking.refused())))
    for desk in ("singapore", "nowhere"):
        answer = house.call("GET", PATH, officer(), query={"month": MONTH}, desk=desk)
        assert (answer.status, answer.json["code"]) == (404, "desk_not_found")
    own = house.call("GET", PATH, officer(desk="singapore"), query={"month": MONTH}, desk="all").json
    assert ([each["desk"] for each in own["desks"]], own["rows"]) == (["singapore"], [])
    central = officer(desk="authorizations")
    everything = house.call("GET", PATH, central, query={"month": MONTH}, desk="all").json
    assert len(everything["desks"]) > 5
    assert [(each["desk"], each["refused"]) for each in everything["rows"]] == [(walking.DESK, 1)]
    assert house.call("GET", PATH, central, query={"month": MONTH}, desk=walking.DESK).json["rows"]
    assert house.call("GET", PATH, officer(desk="nowhere"), desk="all").status == 404


@pytest.mark.usefixtures("figures")
def test_a_message_that_cannot_be_read_comes_again_and_the_others_are_counted(house: House) -> None:
    walk = house.keep(walking.refused())
    first, second = counting(walk)
    assert hear(first, (walk.case_id, "x"), second) == [{"itemIdentifier": "1"}]  # type: ignore[arg-type]  # what a queue may bring
    assert (row(house)["received"], row(house)["refused"]) == (1, 1)


PAPER = "/desk/statistics/{desk}/paper"
SAID = {"month": MONTH, "procedure": "passport-renewal", "received": 12}


@pytest.mark.usefixtures("figures")
def test_what_came_in_on_paper_stands_beside_what_came_in_online(house: House) -> None:
    hear(*counting(house.keep(walking.in_review())))
    assert house.call("GET", PATH, officer(), query={"month": MONTH}, desk=walking.DESK).json["filed"] == []
    for received in (12, 9):
        answer = house.call(
            "PUT", PAPER, officer("counter"), body={**SAID, "received": received}, desk=walking.DESK
        )
        (filed,) = answer.json["filed"]
        # What is said again replaces what was said.
        assert (filed["procedure"], filed["online"], filed["on_paper"]) == ("passport-renewal", 1, received)
    assert row(house)["received"] == 1


@pytest.mark.usefixtures("figures")
def test_a_counter_speaks_for_its_own_desk_and_for_months_that_have_begun(house: House) -> None:
    for desk in ("singapore", "nowhere"):
        assert house.call("PUT", PAPER, officer("counter"), body=SAID, desk=desk).status == 404
    central = officer("counter", desk="authorizations")
    assert house.call("PUT", PAPER, central, body=SAID, desk=walking.DESK).status == 404
    for wrong, status in (
        ({"month": "2026-12"}, 422),
        ({"month": "soon"}, 422),
        ({"received": -1}, 422),
        ({"procedure": "passport-of-the-moon"}, 404),
    ):
        answer = house.call("PUT", PAPER, officer("counter"), body={**SAID, **wrong}, desk=walking.DESK)
        assert answer.status == status


CASES = [
    walk(f"{n:024x}")
    for n, walk in enumerate((walking.completed, walking.refused, walking.withdrawn, walking.in_review))
]
ALL = [each for walk in CASES for each in counting(walk)]


@pytest.mark.usefixtures("figures")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.permutations(ALL), again=st.lists(st.sampled_from(ALL), max_size=12))
def test_twice_and_in_any_order_is_once(
    house: House, first: list[tuple[str, int]], again: list[tuple[str, int]]
) -> None:
    for walk in CASES:
        if not house.log.actions(walk.case_id):
            house.keep(walk)
    # The first half comes again among the rest, as after a fault in the middle of a batch.
    half = len(first) // 2
    assert hear(*first[:half]) == []
    assert hear(*first, *again) == []
    (found,) = StatisticsTable().of_month(walking.DESK, MONTH).rows
    assert found.figures == {"received": 4, "issued": 1, "refused": 1, "withdrawn": 1, "lapsed": 0}
