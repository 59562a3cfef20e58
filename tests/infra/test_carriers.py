"""How changed answers travel: what of the inquiries' stream is handed on, and how long a carrier is tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.build import ROOT
from ryoji.adapters.carriers_http import PAUSES, PUSH_SECONDS

if TYPE_CHECKING:
    from tests.infra.conftest import Found, Synthesised


def _sources(of: Synthesised) -> list[Found]:
    mappings = of.all("AWS::Lambda::EventSourceMapping")
    return [each for each in mappings if "NotifyCarriers" in of.named(each.properties["FunctionName"])]


def test_a_try_of_sending_a_change_begins_no_other(either: Synthesised) -> None:
    filters = [
        each.properties["FilterCriteria"]["Filters"]
        for each in _sources(either)
        if "FilterCriteria" in each.properties
    ]
    patterns = [json.loads(each["Pattern"]) for each in filters[0]]
    assert len(filters) == 1
    assert [each["eventName"] for each in patterns] == [["INSERT"], ["INSERT"]]
    assert [each["dynamodb"]["Keys"] for each in patterns] == [
        {"item": {"S": ["watch"]}},
        {"subject": {"S": [{"prefix": "O#"}]}},
    ]


def test_a_carrier_is_tried_as_long_as_the_pages_say(either: Synthesised) -> None:
    (tries,) = {
        queue.properties["RedrivePolicy"]["maxReceiveCount"]
        for queue in either.all("AWS::SQS::Queue")
        if queue.id.startswith("CarriersChanges")
    }
    pauses = [PAUSES[min(each, len(PAUSES) - 1)] for each in range(tries)]
    # The last pause is waited for, too, before the queue gives a message to the people.
    assert round(sum(pauses[:-1]) / 3600) == 8
    assert round(sum(pauses) / 3600) == 9
    for page, says in (
        ("carriers/README", "about eight hours"),
        ("runbooks/carriers-unreached", "about nine hours"),
    ):
        assert says in (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")


def test_carriers_that_are_slow_leave_the_others_of_a_batch_their_time(either: Synthesised) -> None:
    (batch,) = {
        each.properties["BatchSize"] for each in _sources(either) if "StartingPosition" not in each.properties
    }
    (function,) = [each for each in either.all("AWS::Lambda::Function") if "NotifyCarriers" in each.id]
    # Half of the function's time is the tables' and the queue's.
    assert batch * PUSH_SECONDS <= function.properties["Timeout"] / 2
