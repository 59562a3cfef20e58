"""What was logged in the local cloud, group by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

OF_FUNCTIONS = "/ryoji/functions/"
EVERYTHING = "/"


def groups(logs: Any, prefix: str = OF_FUNCTIONS) -> Iterator[str]:
    """The names of the groups, by CloudWatch Logs' client."""
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
        for group in page["logGroups"]:
            yield group["logGroupName"]


def events(logs: Any, group: str, since: int = 0) -> Iterator[dict[str, Any]]:
    """The events of a group from that moment on, in milliseconds."""
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
    for page in pages:
        yield from page["events"]
