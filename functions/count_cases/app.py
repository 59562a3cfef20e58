"""The ministry's figures: each action that counts is counted once, and officers read what it comes to."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from ryoji.adapters.statistics_table import StatisticsTable
from ryoji.cases.statistics import counted, month_of
from ryoji.doors.cases import table
from ryoji.doors.door import Call, Door
from ryoji.errors import FieldError, Invalid

door = Door("count_cases")
processor = BatchProcessor(event_type=EventType.SQS)
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@door.stream
def follow(event: dict[str, Any], context: Any) -> Any:
    """Messages of the queue; one that fails comes again."""
    return process_partial_response(
        event=event, record_handler=door.quietly(_count), processor=processor, context=context
    )


def _count(record: Any) -> None:
    said = json.loads(record.body)
    case_id, sequence = str(said["case_id"]), int(said["sequence"])
    door.logger.append_keys(case_id=case_id)
    what = counted(table().actions(case_id), sequence)
    if what:
        StatisticsTable().add(case_id, sequence, what, datetime.now(UTC))


@door.route("GET", "/desk/statistics/{desk}", "desk.statistics", answer="Statistics")
def show(call: Call, desk: str) -> dict[str, Any]:
    """A desk's figures of a month by nationality and procedure; `all` gives headquarters those of every desk."""
    from ryoji.doors.statistics import desks_asked, statistics_view

    desks = desks_asked(call.caller, desk)
    month = call.query.get("month") or month_of(call.now)
    if not MONTH.fullmatch(month):
        raise Invalid("validation_failed", fields=(FieldError("/month", "unknown"),))
    figures = StatisticsTable()
    return statistics_view(call, month, {each: figures.of_month(each, month) for each in desks})
