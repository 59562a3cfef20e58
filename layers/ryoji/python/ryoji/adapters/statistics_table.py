"""The ministry's figures in DynamoDB: an item for each desk, month, nationality and procedure, and a queue before it.

Whoever counts also writes down which action was counted, in the same transaction: an action that comes twice is
refused as a whole. The notes go by themselves, long after everything that could bring an action again.
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


@dataclass(frozen=True)
class Row:
    """The figures of one nationality and procedure; `days` from receipt to answer, over all issued and refused."""

    nationality: str
    procedure: str
    figures: dict[str, int] = field(default_factory=dict)
    days: int = 0


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

    def of_month(self, desk: str, month: str) -> list[Row]:
        """A desk's figures of a month (YYYY-MM), by nationality and procedure."""
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
            return [_row(item) for page in pages for item in page["Items"]]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error


def _row(item: dict[str, Any]) -> Row:
    nationality, _, procedure = item["item"]["S"].partition("#")
    figures: dict[str, int] = {name: int(item.get(name, {"N": "0"})["N"]) for name in FIGURES}
    return Row(nationality, procedure, figures, int(item.get("days", {"N": "0"})["N"]))
