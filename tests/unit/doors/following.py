"""What stands between a table and the function that follows it: the table's stream, and the outbox's queue."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ryoji.doors.door import Door
from tests.unit.conftest import TABLES

Record = dict[str, Any]
CONTEXT = SimpleNamespace(function_name="notify_carriers")


class Stream:
    """A table's stream: what was written since it was looked at last, each time with the whole new image."""

    def __init__(self, table: str) -> None:
        self.table, self.keys = table, TABLES[table]
        self.seen: dict[str, Record] = {}
        self.sequence = 0

    def records(self) -> list[Record]:
        """The new records, oldest key first."""
        import boto3

        scan: Any = boto3.client("dynamodb", region_name="ap-northeast-1").scan(TableName=self.table)
        there = {str([item[key] for key in self.keys]): item for item in scan["Items"]}
        found = [
            self._record("MODIFY" if key in self.seen else "INSERT", item)
            for key, item in sorted(there.items())
            if self.seen.get(key) != item
        ]
        self.seen = there
        return found

    def _record(self, name: str, item: Record) -> Record:
        self.sequence += 1
        image = {
            "Keys": {key: item[key] for key in self.keys},
            "NewImage": item,
            "SequenceNumber": str(self.sequence),
        }
        return {"eventName": name, "eventSource": "aws:dynamodb", "dynamodb": image}


class Queue:
    """A queue whose clock is in the test's hand: messages that are due, and ones that come later."""

    def __init__(self) -> None:
        self.seconds = 0
        self.bodies: dict[str, str] = {}
        self.due: dict[str, int] = {}
        self.sent = 0

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - the API's own words
        """As SQS has it."""
        self.sent += 1
        self.bodies[str(self.sent)], self.due[str(self.sent)] = MessageBody, self.seconds

    def change_message_visibility(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - the API's own words
        ReceiptHandle: str,  # noqa: N803 - as boto3 names it
        VisibilityTimeout: int,  # noqa: N803 - as boto3 names it
    ) -> None:
        """As SQS has it."""
        self.due[ReceiptHandle] = self.seconds + VisibilityTimeout

    def deliver(self, door: Door) -> None:
        """Hand over what is due, each message in a call of its own; what is not reported as failed is gone."""
        for each in [each for each, when in self.due.items() if when <= self.seconds]:
            message = {"messageId": each, "receiptHandle": each, "body": self.bodies[each]}
            failed = failures(door, [{**message, "eventSource": "aws:sqs"}])
            if each not in failed:
                del self.bodies[each], self.due[each]


def failures(door: Door, records: list[Record]) -> list[str]:
    """Have a function take records, if there are any; those that it reports as failed."""
    if not records:
        return []
    answer = door({"Records": records}, CONTEXT)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]
