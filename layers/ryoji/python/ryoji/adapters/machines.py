"""The state machines: start one at a stage, complete the task that a person or partner was waited for."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "stepfunctions", config=Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 4})
    )


def machine_of(family: str) -> str:
    """The ARN of a family's machine."""
    return os.environ[f"MACHINE_{family.upper()}"]


def start(family: str, case_id: str, stage: str, name: str) -> bool:
    """Start a case's machine at a stage; False when an execution of this name was started before."""
    client = _client()
    try:
        client.start_execution(
            stateMachineArn=machine_of(family),
            name=name,
            input=json.dumps({"case_id": case_id, "stage": stage}),
        )
    except client.exceptions.ExecutionAlreadyExists:
        return False
    return True


def running(family: str, name: str) -> bool:
    """Whether an execution of this name is running."""
    client = _client()
    arn = machine_of(family).replace(":stateMachine:", ":execution:") + f":{name}"
    try:
        return bool(client.describe_execution(executionArn=arn)["status"] == "RUNNING")
    except client.exceptions.ExecutionDoesNotExist:
        return False


def complete(token: str, outcome: str) -> bool:
    """Complete a task; False when the token is no longer waited for (the sweep starts the machine again)."""
    client = _client()
    try:
        client.send_task_success(taskToken=token, output=json.dumps({"outcome": outcome}))
    except (
        client.exceptions.TaskTimedOut,
        client.exceptions.TaskDoesNotExist,
        client.exceptions.InvalidToken,
    ):
        return False
    return True
