"""The ministry's figures: each action that counts is counted once, and officers read what it comes to."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from ryoji.adapters.statistics_table import StatisticsTable
from ryoji.cases.access import require_desk
from ryoji.cases.statistics import counted, month_of
from ryoji.doors.cases import table
from ryoji.doors.door import Body, Call, Door
from ryoji.doors.texts import catalogue
from ryoji.errors import FieldError, Invalid

door = Door("count_cases")
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class OnPaper(Body):
    """How many applications of a procedure a counter took in on paper in a month, YYYY-MM."""

    month: str = Field(max_length=7)
    procedure: str = Field(max_length=60)
    received: int = Field(ge=0, le=1_000_000)


@door.stream
def follow(event: dict[str, Any], context: Any) -> Any:
    """Messages of the queue; one that fails comes again."""
    # Imported with the first record: officers who read the figures need none of it.
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    return process_partial_response(
        event=event,
        record_handler=door.quietly(_count),
        processor=BatchProcessor(event_type=EventType.SQS),
        context=context,
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
    month = _month(call.query.get("month") or month_of(call.now), call)
    figures = StatisticsTable()
    return statistics_view(call, month, {each: figures.of_month(each, month) for each in desks})


@door.route("PUT", "/desk/statistics/{desk}/paper", "desk.count_paper", body=OnPaper, answer="Statistics")
def count_paper(call: Call, desk: str) -> dict[str, Any]:
    """Say what a counter took in on paper, without which nobody knows the share that is filed online."""
    from ryoji.doors.statistics import statistics_view

    require_desk(call.caller, desk)
    said, figures = call.body, StatisticsTable()
    month = _month(said.month, call)
    catalogue().family(said.procedure)
    figures.say_on_paper(desk, month, said.procedure, said.received, call.caller.id)
    door.logger.info("counted_on_paper", extra={"desk": desk, "officer": call.caller.id})
    return statistics_view(call, month, {desk: figures.of_month(desk, month)})


def _month(text: str, call: Call) -> str:
    """A month that has begun."""
    if not MONTH.fullmatch(text) or text > month_of(call.now):
        raise Invalid("validation_failed", fields=(FieldError("/month", "unknown"),))
    return text
