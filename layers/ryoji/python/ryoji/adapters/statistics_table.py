"""The ministry's figures in DynamoDB: an item for each desk, month, nationality and procedure, and a queue before it.

Whoever counts also writes down which action was counted, in the same transaction: an action that comes twice is
refused as a whole. The notes go by themselves, long after everything that could bring an action again. What came in
on paper is beside the figures, as the counter said.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ryoji.adapters.aws import client
from ryoji.cases.statistics import FIGURES, Counted
from ryoji.errors import Unavailable

# A stream keeps a record for a day and the dead letters for a fortnight.
NOTES_ARE_KEPT = timedelta(days=60)
# Where a row has a state's three capital letters.
_PAPER = "paper"


@dataclass(frozen=True)
class Row:
    """The figures of one nationality and procedure; `days` from receipt to answer, over all issued and refused."""

    nationality: str
    procedure: str
    figures: dict[str, int] = field(default_factory=dict)
    days: int = 0


@dataclass(frozen=True)
class Month:
    """A desk's month: the rows that were counted, and by procedure what the counter took in on paper."""

    rows: tuple[Row, ...] = ()
    on_paper: dict[str, int] = field(default_factory=dict)


def have_counted(case_id: str, sequence: int) -> None:
    """Have an action counted, without waiting for it; twice is harmless."""
    client("sqs").send_message(
        QueueUrl=os.environ["COUNT_QUEUE"],
        MessageBody=json.dumps({"case_id": case_id, "sequence": sequence}),
    )


class StatisticsTable:
    """The figures. Every method may raise Unavailable."""

    def __init__(self) -> None:
        self.table = os.environ["STATISTICS_TABLE"]

    def add(self, case_id: str, sequence: int, what: Counted, now: datetime) -> bool:
        """Count one action; False when it was counted before."""
        from botocore.exceptions import BotoCoreError, ClientError

        note = {
            "place": {"S": f"counted#{case_id}"},
            "item": {"S": f"{sequence:08d}"},
            "expires": {"N": str(int((now + NOTES_ARE_KEPT).timestamp()))},
        }
        once = {"TableName": self.table, "Item": note, "ConditionExpression": "attribute_not_exists(place)"}
        added = {
            "TableName": self.table,
            "Key": {
                "place": {"S": f"{what.desk}#{what.month}"},
                "item": {"S": f"{what.nationality}#{what.procedure}"},
            },
            "UpdateExpression": "ADD #figure :one, #days :days",
            "ExpressionAttributeNames": {"#figure": what.figure, "#days": "days"},
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":days": {"N": str(what.days)}},
        }
        try:
            client("dynamodb").transact_write_items(TransactItems=[{"Put": once}, {"Update": added}])
        except ClientError as error:
            reasons = error.response.get("CancellationReasons") or []
            if any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
                return False
            raise Unavailable("storage_unavailable") from error
        except BotoCoreError as error:
            raise Unavailable("storage_unavailable") from error
        return True

    def say_on_paper(self, desk: str, month: str, procedure: str, received: int, officer: str) -> None:
        """How many applications a counter took in on paper; what was said before is replaced."""
        from botocore.exceptions import BotoCoreError, ClientError

        item = {
            "place": {"S": f"{desk}#{month}"},
            "item": {"S": f"{_PAPER}#{procedure}"},
            "received": {"N": str(received)},
            "said_by": {"S": officer},
        }
        try:
            client("dynamodb").put_item(TableName=self.table, Item=item)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error

    def of_month(self, desk: str, month: str) -> Month:
        """A desk's figures of a month (YYYY-MM)."""
        from botocore.exceptions import BotoCoreError, ClientError

        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                KeyConditionExpression="place = :p",
                ExpressionAttributeValues={":p": {"S": f"{desk}#{month}"}},
            )
        )
        try:
            items = [item for page in pages for item in page["Items"]]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error
        found = [_row(item) for item in items]
        return Month(
            rows=tuple(row for row in found if row.nationality != _PAPER),
            on_paper={r.procedure: r.figures["received"] for r in found if r.nationality == _PAPER},
        )


def _row(item: dict[str, Any]) -> Row:
    nationality, _, procedure = item["item"]["S"].partition("#")
    figures: dict[str, int] = {name: int(item.get(name, {"N": "0"})["N"]) for name in FIGURES}
    return Row(nationality, procedure, figures, int(item.get("days", {"N": "0"})["N"]))
