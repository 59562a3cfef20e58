"""The state machines: start one at a stage, complete the task that a person or partner was waited for."""

from __future__ import annotations

import json
import os
from typing import Literal

from ryoji.adapters.aws import client
from ryoji.errors import Unavailable


def machine_of(family: str) -> str:
    """The ARN of a family's machine."""
    return os.environ[f"MACHINE_{family.upper()}"]


def start(family: str, case_id: str, stage: str, name: str) -> bool:
    """Start a case's machine at a stage; False when an execution of this name was started before.

    True also when one of this name and stage is running: for AWS that is the same call once more.
    """
    states = client("stepfunctions")
    try:
        states.start_execution(
            stateMachineArn=machine_of(family),
            name=name,
            input=json.dumps({"case_id": case_id, "stage": stage}),
        )
    except states.exceptions.ExecutionAlreadyExists:
        return False
    return True


def running(family: str, name: str) -> bool:
    """Whether an execution of this name is running."""
    states = client("stepfunctions")
    arn = machine_of(family).replace(":stateMachine:", ":execution:") + f":{name}"
    try:
        return bool(states.describe_execution(executionArn=arn)["status"] == "RUNNING")
    except states.exceptions.ExecutionDoesNotExist:
        return False


def running_names(family: str) -> frozenset[str]:
    """The names of a family's running executions."""
    pages = client("stepfunctions").get_paginator("list_executions")
    found = pages.paginate(stateMachineArn=machine_of(family), statusFilter="RUNNING")
    return frozenset(str(run["name"]) for page in found for run in page["executions"])


def complete(token: str, outcome: str) -> bool:
    """Complete a task; False when the token is no longer waited for (the sweep starts the machine again)."""
    states = client("stepfunctions")
    try:
        states.send_task_success(taskToken=token, output=json.dumps({"outcome": outcome}))
    except (
        states.exceptions.TaskTimedOut,
        states.exceptions.TaskDoesNotExist,
        states.exceptions.InvalidToken,
    ):
        return False
    return True


def publish(case_id: str) -> None:
    """Have a permission put where airlines ask as it stands now. Raises Unavailable when that was not done.

    It is waited for: a call that nobody waits for is given up after its third failure, and a revocation must not be.
    """
    _call(os.environ["PERMISSION_FUNCTION"], {"case_id": case_id, "do": "publish"})


def refund(case_id: str) -> None:
    """Have what is owed back given back. Raises Unavailable when that was not done; money must not be forgotten."""
    _call(os.environ["PAYMENT_FUNCTION"], {"case_id": case_id, "do": "refund"})


def close_payment(case_id: str) -> None:
    """Have what can still be paid for a case that has ended closed. Raises Unavailable when that was not done."""
    _call(os.environ["PAYMENT_FUNCTION"], {"case_id": case_id, "do": "close"})


def _call(function: str, event: dict[str, str]) -> None:
    answer = client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    if answer.get("FunctionError") or json.load(answer["Payload"]).get("outcome") == "rejected":
        raise Unavailable("unavailable")


def repeat(do: Literal["publish", "refund", "close"], case_id: str) -> None:
    """Have done again what may not have been done, without waiting: the clock comes round again."""
    function = os.environ["PERMISSION_FUNCTION" if do == "publish" else "PAYMENT_FUNCTION"]
    _without_waiting(function, {"case_id": case_id, "do": do})


def ask_the_gateway(case_id: str) -> None:
    """Have the gateway asked what became of a payment, without waiting: the clock comes round again."""
    _without_waiting(os.environ["PAYMENT_FUNCTION"], {"case_id": case_id, "do": "reconcile"})


def _without_waiting(function: str, event: dict[str, str]) -> None:
    client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())
