"""Embedded metrics for the laptop: CloudWatch turns such log lines into metrics by itself, the local cloud does not.

So this reads the functions' logs and puts what they embed, and dashboards and `aws cloudwatch get-metric-statistics`
show here what they would show on AWS.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local import cloud_logs

if TYPE_CHECKING:
    from local.running import Running

SECONDS = 20
# CloudWatch takes no more in one call.
_AT_ONCE = 500


def collect(running: Running, *, once: bool = False) -> int:
    """Put the metrics of new log lines; `once` returns their number, otherwise a thread goes on until the end."""
    seen = Seen(running.home.folder / "metrics.json")
    if once:
        return _round(running.client("logs"), running.client("cloudwatch"), seen)
    threading.Thread(target=_rounds, args=(running, seen), daemon=True, name="metrics").start()
    return 0


class Seen:
    """How far each log group has been read, across restarts: `{group: [milliseconds, ids at that moment]}`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.places: dict[str, tuple[int, list[str]]] = {}
        if path.exists():
            self.places = {group: (at, ids) for group, (at, ids) in json.loads(path.read_text()).items()}

    def new(self, group: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of the events that were not seen before; they are from now on."""
        at, ids = self.places.get(group, (0, []))
        fresh = [
            event
            for event in events
            if event["timestamp"] > at or (event["timestamp"] == at and _id(event) not in ids)
        ]
        if fresh:
            last = max(event["timestamp"] for event in fresh)
            kept = ids if last == at else []
            self.places[group] = (last, [*kept, *(_id(e) for e in fresh if e["timestamp"] == last)])
        return fresh

    def since(self, group: str) -> int:
        """The moment from which to read, in milliseconds."""
        return self.places.get(group, (0, []))[0]

    def keep(self) -> None:
        """Write down how far it was read."""
        self.path.write_text(json.dumps(self.places))


def _id(event: dict[str, Any]) -> str:
    # The local cloud gives log events no id.
    return hashlib.sha256(f"{event['logStreamName']} {event['message']}".encode()).hexdigest()[:16]


def _rounds(running: Running, seen: Seen) -> None:
    pause = threading.Event()
    clients = running.client("logs"), running.client("cloudwatch")
    # Parts.stop empties the list: then there is nothing left to read.
    while not pause.wait(SECONDS) and running.parts.started:
        # The cloud may be stopping; the next round reads the same lines.
        with contextlib.suppress(OSError, BotoCoreError, ClientError):
            _round(*clients, seen)


def _round(logs: Any, cloudwatch: Any, seen: Seen) -> int:
    found = 0
    for group in cloud_logs.groups(logs, logGroupNamePrefix=cloud_logs.OF_FUNCTIONS):
        by_namespace: dict[str, list[dict[str, Any]]] = {}
        for event in seen.new(group, list(cloud_logs.events(logs, group, seen.since(group)))):
            for namespace, datum in embedded(event["message"]):
                by_namespace.setdefault(namespace, []).append(datum)
        for namespace, data in by_namespace.items():
            for start in range(0, len(data), _AT_ONCE):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[start : start + _AT_ONCE])
            found += len(data)
    seen.keep()
    return found


def embedded(message: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The metrics that a log line embeds: `(namespace, datum)` as PutMetricData takes it; none in other lines."""
    from datetime import UTC, datetime

    start = message.find("{")
    if start < 0 or '"_aws"' not in message:
        return
    try:
        line, _end = json.JSONDecoder().raw_decode(message[start:])
    except ValueError:
        return
    about = line["_aws"]
    at = datetime.fromtimestamp(about["Timestamp"] / 1000, UTC)
    for directive in about["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = [{"Name": name, "Value": str(line[name])} for name in names]
            for metric in directive["Metrics"]:
                yield directive["Namespace"], _datum(line, metric, dimensions, at)


def _datum(
    line: dict[str, Any], metric: dict[str, str], dimensions: list[dict[str, str]], at: Any
) -> dict[str, Any]:
    written = line[metric["Name"]]
    return {
        "MetricName": metric["Name"],
        "Unit": metric.get("Unit", "None"),
        "Dimensions": dimensions,
        "Timestamp": at,
        "Values": [float(value) for value in (written if isinstance(written, list) else [written])],
    }
