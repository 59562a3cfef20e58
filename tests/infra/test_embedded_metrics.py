"""On the laptop, log lines with embedded metrics become metrics, each once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.metrics import Seen, embedded

LINE = {
    "_aws": {
        "Timestamp": 1_700_000_000_000,
        "CloudWatchMetrics": [
            {
                "Namespace": "Ryoji",
                "Dimensions": [["service"]],
                "Metrics": [{"Name": "FeesPaid", "Unit": "Count"}],
            }
        ],
    },
    "service": "move_cases",
    "FeesPaid": [1.0, 2.0],
}


def test_a_line_becomes_a_datum() -> None:
    ((namespace, datum),) = embedded(json.dumps(LINE))
    assert namespace == "Ryoji"
    assert datum["MetricName"] == "FeesPaid"
    assert datum["Values"] == [1.0, 2.0]
    assert datum["Dimensions"] == [{"Name": "service", "Value": "move_cases"}]
    assert datum["Timestamp"].isoformat() == "2023-11-14T22:13:20+00:00"


def test_powertools_writes_what_this_reads(capsys: Any) -> None:
    from aws_lambda_powertools import Metrics

    metrics = Metrics(namespace="Ryoji", service="send_messages")
    metrics.add_metric(name="MessagesSent", unit="Count", value=1)
    metrics.flush_metrics()
    ((namespace, datum),) = embedded(capsys.readouterr().out)
    assert (namespace, datum["MetricName"], datum["Values"]) == ("Ryoji", "MessagesSent", [1.0])


def test_other_lines_are_left_alone() -> None:
    for line in ("START RequestId: 1", '{"message": "CloudWatchMetrics"}', '{"_aws" broken'):
        assert list(embedded(line)) == []


def test_each_event_is_seen_once_across_restarts(tmp_path: Path) -> None:
    def event(at: int, message: str) -> dict[str, Any]:
        return {"timestamp": at, "logStreamName": "a", "message": message}

    seen = Seen(tmp_path / "metrics.json")
    assert len(seen.new("g", [event(1, "x"), event(2, "y")])) == 2
    seen.keep()
    again = Seen(tmp_path / "metrics.json")
    assert again.since("g") == 2
    assert again.new("g", [event(2, "y"), event(2, "z"), event(3, "w")]) == [event(2, "z"), event(3, "w")]
    assert again.new("g", [event(2, "y"), event(2, "z"), event(3, "w")]) == []
