"""Answers that are no longer so: found when a permission changes, written to the outbox, sent until acknowledged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from ryoji.adapters.carriers_http import push, send_later, send_to_queue
from ryoji.adapters.inquiry_table import InquiryTable, watched_in
from ryoji.adapters.permission_table import NUMBER, PermissionTable
from ryoji.adapters.settings import partner
from ryoji.doors.carriers import push_key
from ryoji.doors.door import Door
from ryoji.errors import Retryable
from ryoji.permissions.carrier import carrier_called
from ryoji.permissions.changes import change_of, over
from ryoji.permissions.held import Held
from ryoji.permissions.transaction import Watched

# Long because the records of two tables and the messages of a queue come in by this one door.
door = Door("notify_carriers")
streams = BatchProcessor(event_type=EventType.DynamoDBStreams)
# A carrier that is silent makes no failed function: its message comes again, also when it came alone.
queue = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@door.stream
def follow(event: dict[str, Any], context: Any) -> Any:
    """Records of both tables, and messages of the outbox's queue; one that fails comes again."""
    of_queue = event["Records"] and event["Records"][0].get("eventSource") == "aws:sqs"
    return process_partial_response(
        event=event,
        record_handler=door.quietly(_deliver if of_queue else _notice),
        processor=queue if of_queue else streams,
        context=context,
    )


def _notice(record: Any) -> None:
    image, new = record.dynamodb.new_image, record["eventName"] == "INSERT"
    if "document" in image:
        _permission_changed(str(image["document"]))
    elif new and image["item"] == "watch":
        watched = watched_in(image)
        InquiryTable().watch(watched)
        # What changed between the answer and now was nobody's to notice: look once more.
        _look_again(watched)
    elif new and str(image["subject"]).startswith("O#"):
        # Once, when it is written: each try of sending it writes to it, too.
        send_to_queue(str(image["subject"])[2:], str(image["item"]))


def _permission_changed(document: str) -> None:
    if document.startswith(NUMBER):
        return
    for _, held in _registered([document]):
        _compare(document, held)


def _look_again(watched: list[Watched]) -> None:
    now = datetime.now(UTC)
    for document, held in _registered(dict.fromkeys(each.asked.document for each in watched)):
        theirs = [each for each in watched if each.asked.document == document]
        if any(change_of(each, 0, held, now) for each in theirs):
            _compare(document, held)


def _registered(documents: Iterable[str]) -> Iterator[tuple[str, Sequence[Held]]]:
    """What the register has for documents now. Raises Unavailable when it does not say it of all of them.

    A stream's own image may be of before: a record comes again, behind later ones, when one before it failed.
    """
    for document, held in PermissionTable().for_all_documents(list(documents)).items():
        if held is None:
            # Its bearer is answered UNABLE until it is mended, which is a change of its own. Trying this record again
            # would only hold up the others behind it.
            door.logger.warning("entry_unreadable")
        else:
            yield document, held


def _compare(document: str, held: Sequence[Held]) -> None:
    table, now = InquiryTable(), datetime.now(UTC)
    for watched, turn in table.watching(document, now.date()):
        change = change_of(watched, turn, held, now)
        if change and table.record(watched, turn, change):
            door.logger.info("answer_changed", extra={"change": change.id, "carrier": change.carrier})


def _deliver(record: Any) -> None:
    said, now = json.loads(record.body), datetime.now(UTC)
    table = InquiryTable()
    change = table.change(said["carrier"], said["change"])
    if change is None or change.acknowledged or over(change.flight.arrival, now) or table.overtaken(change):
        return
    who = carrier_called(change.carrier, partner("carriers"))
    if who and who.fetches:
        return
    table.tried(change.carrier, change.id)
    if who and who.push_url and push(who, change, push_key(who.code), now):
        table.acknowledge(change.carrier, change.id, now)
        return
    # No acknowledgement: again, each time after a longer pause, until the queue gives it to the people.
    send_later(record.receipt_handle, change.tries)
    door.logger.warning("change_unacknowledged", extra={"change": change.id, "tries": change.tries + 1})
    raise Retryable("unavailable")
