"""What was logged in the local cloud, group by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

OF_FUNCTIONS = "/ryoji/functions/"


def groups(logs: Any, **which: Any) -> Iterator[str]:
    """The names of the groups, by CloudWatch Logs' client; `which` as DescribeLogGroups takes it."""
    for page in logs.get_paginator("describe_log_groups").paginate(**which):
        for group in page["logGroups"]:
            yield group["logGroupName"]


def events(logs: Any, group: str, since: int = 0) -> Iterator[dict[str, Any]]:
    """The events of a group from that moment on, in milliseconds."""
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
    for page in pages:
        yield from page["events"]
