"""Applicants, agencies and their travellers are told what happened: by e-mail and in the portal, once."""

from __future__ import annotations

from typing import Any

from ryoji.cases import commands
from ryoji.cases.actions import NewAction
from ryoji.cases.case import Case, fold
from ryoji.doors.cases import by_system, table
from ryoji.doors.correspondence import Message, event_of, told_to, write
from ryoji.doors.door import Door
from ryoji.errors import Unavailable

door = Door("send_messages")


@door.stream
def follow(event: dict[str, Any], context: Any) -> Any:
    """Records of new actions; one that fails comes again."""
    # Imported with the first record: it is a third of what this function imports.
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    return process_partial_response(
        event=event,
        record_handler=door.quietly(_tell),
        processor=BatchProcessor(event_type=EventType.DynamoDBStreams),
        context=context,
    )


def _tell(record: Any) -> None:
    keys = record.dynamodb.keys
    case_id, sequence = keys["case_id"], int(str(keys["item"]).removeprefix("A#"))
    event = event_of(str(record.dynamodb.new_image["kind"]), record.dynamodb.new_image)
    if event is None:
        return
    actions = table().actions(case_id)
    case = fold(case_id, actions[:sequence])
    door.logger.append_keys(case_id=case_id)
    now = fold(case_id, actions)
    for addressee, channel in told_to(case, event):
        if not commands.was_told(now, sequence, channel, addressee):
            _send(write(case, event, channel, addressee), sequence, case_id)


def _send(message: Message, about: int, case_id: str) -> None:
    if message.channel == "email":
        if not message.to:
            return
        _mail(message)
    by_system(case_id, lambda case: _sent(case, message, about), step="send_messages")
    door.metrics.add_metric(name="MessagesSent", unit="Count", value=1)


def _mail(message: Message) -> None:
    from ryoji.adapters import mail

    try:
        mail.send(message.to, message.subject, message.body)
    except Unavailable:
        door.metrics.add_metric(name="MessagesFailed", unit="Count", value=1)
        raise


def _sent(case: Case, message: Message, about: int) -> list[NewAction]:
    return commands.message_sent(
        case,
        about=about,
        channel=message.channel,
        addressee=message.addressee,
        event=message.event,
        to=message.masked,
        language=message.language,
        subject=message.subject,
        body=message.body,
    )
