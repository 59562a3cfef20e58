"""Inquiries, what is still watched of them, and the outbox of changes, in one DynamoDB table.

`T#<inquiry>`/`answers` proves what was answered; `T#<inquiry>`/`watch` is handed on by the stream, which writes a
`D#<document's keyed hash>` for each passenger; `O#<carrier>`/<change> is the outbox; `C#<carrier>`/<day> counts.
Everything has an end (`expires`). boto3 and not PynamoDB, for the reason that permission_table gives.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from ryoji.adapters.aws import QUICK, client
from ryoji.adapters.deadline import ENDLESS, Deadline
from ryoji.adapters.dynamodb_calls import call
from ryoji.errors import Conflict, NotFound, Unavailable
from ryoji.permissions.changes import (
    WATCHED_AFTER_ARRIVAL,
    Change,
    change_text,
    read_change,
    read_watched,
    to_be_told,
    watched_text,
)
from ryoji.permissions.inquiry import Answer
from ryoji.permissions.transaction import Transaction, Watched

# As long as the logs of the European carriers' interface: to be fixed by the ministry.
ANSWERS_ARE_KEPT = timedelta(days=730)
WINDOW_SECONDS = 300
# TransactWriteItems takes a hundred items at most.
PUTS_A_CALL = 100
# A day's counts are looked at while an alarm is, and by whoever asks a month later.
COUNTS_ARE_KEPT = timedelta(days=40)
# The window that is counted goes on; or it is over, and the next one begins; or somebody's clock is behind.
_ADDED = "ADD calls :c, passengers :p, #u :u, day_passengers :p, day_unknown :u"
_BEGUN = (
    "SET #w = :w, calls = :c, passengers = :p, #u = :u, expires = :end ADD day_passengers :p, day_unknown :u"
)
_COUNTING = (
    (_ADDED, "#w = :w"),
    (_BEGUN, "attribute_not_exists(#w) OR #w < :w"),
    (_ADDED, "#w >= :w"),
)
Item = dict[str, Any]


class Counted(NamedTuple):
    """What a carrier has asked: calls, passengers and unknown ones of this window, and of this day (UTC)."""

    calls: int
    passengers: int
    unknown: int
    day_passengers: int
    day_unknown: int


class InquiryTable:
    """Every method may raise Unavailable; the ones on the carriers' way end by the time that they are given."""

    def __init__(self) -> None:
        self.table = os.environ["INQUIRY_TABLE"]

    def keep(
        self,
        transaction: Transaction,
        record: str,
        receipt: str,
        watched: Sequence[Watched],
        until: Deadline = ENDLESS,
    ) -> None:
        """Write an inquiry's record down, and what has to be watched of it, in one call."""
        answers = {
            "subject": {"S": f"T#{transaction.id}"},
            "item": {"S": "answers"},
            "carrier": {"S": transaction.carrier},
            "record": {"S": record},
            "receipt": {"S": receipt},
            "expires": _end(transaction.at + ANSWERS_ARE_KEPT),
        }
        items = [answers]
        if watched:
            items.append(
                {
                    "subject": {"S": f"T#{transaction.id}"},
                    "item": {"S": "watch"},
                    "watched": {"S": watched_text(watched)},
                    "expires": _after(transaction.flight.arrival),
                }
            )
        self._put(items, until)

    def answered(self, inquiry: str, carrier: str) -> tuple[str, str]:
        """An inquiry's record and its receipt; NotFound also when it was another carrier that asked."""
        key = {"subject": {"S": f"T#{inquiry}"}, "item": {"S": "answers"}}
        item = self._call("get_item", TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if item is None or item["carrier"]["S"] != carrier:
            raise NotFound("inquiry_not_found")
        return item.get("record", {}).get("S", ""), item["receipt"]["S"]

    def count(
        self, carrier: str, now: datetime, *, passengers: int, unknown: int, until: Deadline = ENDLESS
    ) -> Counted:
        """Count a call, its passengers and the unknown ones among them; the totals of the window and of the day.

        One item has both, so that one call counts: the first call of a window begins the window's counts anew.
        """
        window = str(int(now.timestamp()) // WINDOW_SECONDS)
        day = now.astimezone(UTC).date()
        values = {":w": window, ":c": "1", ":p": str(passengers), ":u": str(unknown)}
        asked = {
            "TableName": self.table,
            "Key": {"subject": {"S": f"C#{carrier}"}, "item": {"S": day.isoformat()}},
            "ExpressionAttributeNames": {"#w": "window", "#u": "unknown"},
            "ReturnValues": "ALL_NEW",
        }
        end = _end(datetime.combine(day, datetime.min.time(), UTC) + COUNTS_ARE_KEPT)
        for update, condition in _COUNTING:
            used = {name: {"N": value} for name, value in values.items() if name in update + condition}
            if ":end" in update:
                used[":end"] = end
            try:
                counted = call(
                    "UpdateItem",
                    {
                        **asked,
                        "UpdateExpression": update,
                        "ConditionExpression": condition,
                        "ExpressionAttributeValues": used,
                    },
                    until,
                )["Attributes"]
            except Conflict:
                continue
            return Counted(*(int(counted[name]["N"]) for name in Counted._fields))
        raise Unavailable("storage_unavailable")

    def watch(self, watched: Sequence[Watched]) -> None:
        """Write an item for each passenger, under their document, where there is none; twice is once.

        One that is there may have changed since: a second time must not forget what was told.
        """
        items = [
            {
                "subject": {"S": f"D#{each.asked.document}"},
                "item": {"S": f"{each.flight.arrival}#{each.inquiry}#{each.place:04}"},
                "watched": {"S": watched_text([each])},
                "expires": _after(each.flight.arrival),
            }
            for each in watched
        ]
        for start in range(0, len(items), PUTS_A_CALL):
            self._put_new(items[start : start + PUTS_A_CALL])

    def watching(self, document: str, today: date) -> list[tuple[Watched, int]]:
        """Who was answered about a document and is not yet over, with how often their answer has changed since."""
        found = self._pages(
            KeyConditionExpression="subject = :s AND #i >= :from",
            ExpressionAttributeNames={"#i": "item"},
            ExpressionAttributeValues={
                ":s": {"S": f"D#{document}"},
                ":from": {"S": (today - WATCHED_AFTER_ARRIVAL).isoformat()},
            },
        )
        return [_turned(item) for item in found]

    def record(self, watched: Watched, turn: int, change: Change) -> bool:
        """Put a change into the outbox and remember the new answer, in one transaction; False when it was known."""
        place = {
            "subject": {"S": f"D#{watched.asked.document}"},
            "item": {"S": f"{watched.flight.arrival}#{watched.inquiry}#{watched.place:04}"},
        }
        remember = {
            "TableName": self.table,
            "Key": place,
            "UpdateExpression": "SET turn = :next, now_answered = :answer",
            "ConditionExpression": "turn = :turn" if turn else "attribute_not_exists(turn)",
            "ExpressionAttributeValues": {
                ":next": {"N": str(turn + 1)},
                ":answer": {"S": change.answer},
                **({":turn": {"N": str(turn)}} if turn else {}),
            },
        }
        outbox = {
            "subject": {"S": f"O#{change.carrier}"},
            "item": {"S": change.id},
            "change": {"S": change_text(change)},
            "expires": _after(change.flight.arrival),
        }
        refused = self._together([{"Update": remember}, self._new(outbox)])
        if refused and not refused[0]:
            # What is in the outbox under this name is another change: nothing is written over it.
            raise Unavailable("storage_unavailable")
        return not refused

    def change(self, carrier: str, change: str) -> Change | None:
        """A change of the outbox."""
        key = {"subject": {"S": f"O#{carrier}"}, "item": {"S": change}}
        item = self._call("get_item", TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return _change(item) if item else None

    def unacknowledged(self, carrier: str) -> list[Change]:
        """The changes that a carrier has yet to take note of, oldest first (`to_be_told`)."""
        items = self._pages(
            KeyConditionExpression="subject = :s",
            ExpressionAttributeValues={":s": {"S": f"O#{carrier}"}},
        )
        return to_be_told([_change(item) for item in items])

    def overtaken(self, change: Change) -> bool:
        """Whether a later answer for the same passenger stands in the outbox."""
        return self.change(change.carrier, change.following) is not None

    def acknowledge(self, carrier: str, change: str, at: datetime) -> None:
        """The carrier has taken note; twice is once. NotFound when it is none of its changes."""
        if self.change(carrier, change) is None:
            raise NotFound("change_not_found")
        self._call(
            "update_item",
            TableName=self.table,
            Key={"subject": {"S": f"O#{carrier}"}, "item": {"S": change}},
            UpdateExpression="SET acknowledged = if_not_exists(acknowledged, :at)",
            ExpressionAttributeValues={":at": {"S": at.astimezone(UTC).isoformat()}},
        )

    def tried(self, carrier: str, change: str) -> None:
        """Count one more try of sending."""
        self._call(
            "update_item",
            TableName=self.table,
            Key={"subject": {"S": f"O#{carrier}"}, "item": {"S": change}},
            UpdateExpression="ADD tries :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def _pages(self, **asked: Any) -> list[Item]:
        """Every item of a query: what is acknowledged fills pages too, and a change behind them must not be lost."""
        found: list[Item] = []
        start: Item = {}
        while True:
            answer = self._call("query", TableName=self.table, ConsistentRead=True, **asked, **start)
            found += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _new(self, item: Item) -> Item:
        put = {"TableName": self.table, "Item": item, "ConditionExpression": "attribute_not_exists(subject)"}
        return {"Put": put}

    def _put_new(self, items: list[Item]) -> None:
        """Write the items that are not there yet, and leave the others as they are."""
        while items and (refused := self._together([self._new(item) for item in items])):
            items = [item for item, there in zip(items, refused, strict=True) if not there]

    def _together(self, changes: list[Item]) -> list[bool]:
        """Write all of it, or nothing: then for each whether its condition did not hold."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client("dynamodb", patience=QUICK).transact_write_items(TransactItems=changes)
        except ClientError as error:
            reasons = error.response.get("CancellationReasons") or []
            refused = [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]
            if any(refused):
                return refused
            raise Unavailable("storage_unavailable") from error
        except BotoCoreError as error:
            raise Unavailable("storage_unavailable") from error
        return []

    def _put(self, items: list[Item], until: Deadline) -> None:
        requests = [{"PutRequest": {"Item": item}} for item in items]
        for pause in (0.05, 0.2, None):
            answer = call("BatchWriteItem", {"RequestItems": {self.table: requests}}, until)
            requests = answer.get("UnprocessedItems", {}).get(self.table, [])
            if not requests:
                return
            if pause is None or not until.pause(pause):
                break
        raise Unavailable("storage_unavailable")

    def _call(self, operation: str, **arguments: Any) -> Item:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: Item = getattr(client("dynamodb", patience=QUICK), operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("storage_unavailable") from error
        return answer


def watched_in(image: Item) -> list[Watched]:
    """The passengers of a `watch` item, as the stream hands it over (attributes already plain)."""
    return read_watched(image["watched"])


def _turned(item: Item) -> tuple[Watched, int]:
    (watched,) = read_watched(item["watched"]["S"])
    turn = int(item.get("turn", {"N": "0"})["N"])
    now: Answer = item["now_answered"]["S"] if turn else watched.answer
    return watched._replace(answer=now), turn


def _change(item: Item) -> Change:
    at = item.get("acknowledged")
    return read_change(
        item["change"]["S"],
        datetime.fromisoformat(at["S"]) if at else None,
        int(item.get("tries", {"N": "0"})["N"]),
    )


def _after(arrival: date) -> dict[str, str]:
    return _end(
        datetime.combine(arrival, datetime.min.time(), UTC) + WATCHED_AFTER_ARRIVAL + timedelta(days=1)
    )


def _end(when: datetime) -> dict[str, str]:
    return {"N": str(int(when.timestamp()))}
