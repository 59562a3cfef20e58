"""The laptop's dashboards show what the functions count, as they would on AWS."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox import Sandbox


def _points(cloudwatch: Any, name: str, service: str) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    answered = cloudwatch.get_metric_statistics(
        Namespace="Ryoji",
        MetricName=name,
        Dimensions=[{"Name": "service", "Value": service}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=5),
        Period=300,
        Statistics=["SampleCount"],
    )
    points: list[dict[str, Any]] = answered["Datapoints"]
    return points


def test_the_rounds_of_the_clock_are_counted(ryoji: Sandbox) -> None:
    # The sandbox goes one round when it starts; its log lines are read every twenty seconds.
    cloudwatch = ryoji.running.client("cloudwatch")
    end = time.monotonic() + 60
    while time.monotonic() < end and not _points(cloudwatch, "OldestWaitingDays", "move_cases"):
        time.sleep(1)
    assert _points(cloudwatch, "OldestWaitingDays", "move_cases")


def test_dashboards_and_alarms_are_there(ryoji: Sandbox) -> None:
    cloudwatch = ryoji.running.client("cloudwatch")
    boards = {board["DashboardName"] for board in cloudwatch.list_dashboards()["DashboardEntries"]}
    assert boards >= {"ryoji-business", "ryoji-machinery"}
    pages = cloudwatch.get_paginator("describe_alarms").paginate()
    alarms = {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}
    assert "docs/runbooks/clock-stopped.md" in alarms["ryoji-clock-stopped"]["AlarmDescription"]
    assert alarms["ryoji-clock-stopped"]["AlarmActions"]
