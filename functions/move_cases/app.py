"""What moves cases: the stream starts machines and ends their waits, the clock fires deadlines and revives machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ryoji.adapters import machines
from ryoji.adapters.statistics_table import have_counted
from ryoji.cases.actions import Action
from ryoji.cases.case import fold
from ryoji.cases.statistics import figure_of
from ryoji.cases.waits import newly_settled, stage_to_go_on_from
from ryoji.doors.cases import definition_of, table
from ryoji.doors.door import Door
from ryoji.doors.sweep import PATIENCE_SECONDS, sweep

# Long because the stream's door and the clock's are one function: they need the same, and one role does both.
door = Door("move_cases")

# What the business dashboard counts, by the action that makes it happen.
COUNTED = {
    "decided": "ApplicationsDecided",
    "paid": "FeesPaid",
    "produced": "BooksProduced",
    "handed_over": "BooksHandedOver",
    "withdrawn": "ApplicationsWithdrawn",
    "lapsed": "ApplicationsLapsed",
    "permission_issued": "PermissionsIssued",
    "permission_changed": "PermissionsChanged",
    "payment_mismatch": "PaymentsMismatched",
}
# After these nothing is paid any more. A refusal may follow an approval that was taken back when its fee was due.
CLOSING = frozenset({"withdrawn", "lapsed", "decided"})
# What the register must say. The machine puts a new permission there by itself; should it die first, this does.
PUBLISHED = frozenset({"permission_issued", "permission_changed"})


@door.stream
def follow(event: dict[str, Any], context: Any) -> Any:
    """Records of new actions; each is handled by itself, and one that fails comes again."""
    # Imported with the first record: it is a third of what this function imports.
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    return process_partial_response(
        event=event,
        record_handler=door.quietly(_move),
        processor=BatchProcessor(event_type=EventType.DynamoDBStreams),
        context=context,
    )


def _move(record: Any) -> None:
    keys = record.dynamodb.keys
    case_id, sequence = keys["case_id"], int(str(keys["item"]).removeprefix("A#"))
    actions = table().actions(case_id)
    action = actions[sequence - 1]
    door.logger.append_keys(case_id=case_id)
    if action.kind in COUNTED:
        door.metrics.add_metric(name=COUNTED[action.kind], unit="Count", value=1)
    if action.kind == "submitted":
        _start(actions)
    if action.kind == "refund_due":
        machines.refund(case_id)
    if action.kind in PUBLISHED:
        machines.publish(case_id)
    for task, outcome in newly_settled(actions, sequence):
        done = machines.complete(task.token, outcome)
        door.logger.info("wait_over", extra={"task": task.task, "outcome": outcome, "completed": done})
    # Last, and elsewhere: no case waits for a figure.
    if figure_of(action.kind, action.body):
        have_counted(case_id, sequence)
    if action.kind in CLOSING and any(each.kind == "payment_started" for each in actions):
        machines.close_payment(case_id)


def _start(actions: list[Action]) -> None:
    case = fold(actions[0].case_id, actions)
    stage = stage_to_go_on_from(case)
    # A record that comes late: the first machine has died, and the clock has started another.
    if stage and not case.execution:
        # Named after the case, as the one that the clock starts when this comes late: starting twice is harmless.
        machines.start(definition_of(case).family, case.case_id, stage, case.case_id)


@door.step
def take(event: dict[str, Any]) -> dict[str, Any]:
    """`sweep`: fire the deadlines that have passed, start dead machines again, and see to what the stream has lost.

    `as_of` (a time) and `patience` (seconds) are for rehearsals and for the first round after an outage.
    """
    as_of = event.get("as_of")
    now = datetime.fromisoformat(as_of) if as_of else datetime.now(UTC)
    # The stream needs none of this, and starts without it.
    from ryoji.doors.catching_up import catch_up

    failed: list[Exception] = []
    patience = int(event.get("patience", PATIENCE_SECONDS))
    result = sweep(now, patience, failed)
    for name, value in result.items():
        door.metrics.add_metric(name=name, unit="Count", value=value)
    repeated = catch_up(now, timedelta(seconds=patience), failed)
    if repeated:
        door.logger.warning("caught_up", extra={"repeated": repeated})
    if failed:
        # All others were served; the scheduler calls again, and somebody looks if it goes on.
        door.logger.warning("round_incomplete", extra={"failed": len(failed)})
        raise failed[0]
    return {"outcome": "swept", **result, "repeated": repeated}
