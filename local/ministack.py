"""MiniStack with four gaps closed, so that what fails in a function is tried again as on AWS.

Runs in the local cloud's own environment, in the place of the command `ministack`. All are found in 1.5.33, which
requirements/cloud.txt pins: look again when that changes.

- A function that is called with a task token and fails: MiniStack waits for the token all the same, for ever. AWS
  fails the task, and the state's `Retry` has its say.
- Records of a table's stream that a function reports as failed (`batchItemFailures`): MiniStack goes on behind them
  and they are lost. AWS brings them again; here the whole batch comes again, which the functions must bear anyway.
- A group of twenty calls eighty steps at once: each gets a process of its own, as on AWS, but here they share two
  processors, and all run into their time limits. Here a few work at a time; the others' time has not begun.
- Told to stop, it saves its state and then waits for every thread that waits for something itself: a machine for its
  token, a queue's reader. Here it ends when all is saved.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.services import lambda_svc, stepfunctions

Result = dict[str, Any]
_waiting = threading.local()
# As many as recognition works for at a time: who waits for it inside a step waits on the step's own time. What a step
# waits for works on the same processors. No step waits for another one.
_steps = threading.BoundedSemaphore(os.cpu_count() or 1)


def fail_the_task_with_its_function() -> None:
    """Let a failed function fail the task that waits for its token."""
    wait, call = stepfunctions._invoke_with_callback, stepfunctions._call_lambda

    def waiting(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        _waiting.token = token
        try:
            return wait(resource, given, token, state)
        finally:
            _waiting.token = None

    def calling(function: str, event: Any) -> Any:
        try:
            with _steps:
                return call(function, event)
        except stepfunctions._ExecutionError as error:
            token = getattr(_waiting, "token", None)
            if token:
                failure = {"taskToken": token, "error": error.error, "cause": error.cause}
                stepfunctions._send_task_failure(failure)
            raise

    stepfunctions._invoke_with_callback, stepfunctions._call_lambda = waiting, calling


def bring_failed_records_again() -> None:
    """Let a batch of a table's stream fail when any of its records did."""
    lambda_svc._execute_function = failing_as_a_whole(lambda_svc._execute_function)


def failing_as_a_whole(execute: Callable[[Any, Any], Result]) -> Callable[[Any, Any], Result]:
    """The same execution; an error where it reports records of a table's stream as failed."""

    def executed(function: Any, event: Any) -> Result:
        result = execute(function, event)
        records = event.get("Records") if isinstance(event, dict) else None
        of_a_table = records and records[0].get("eventSource") == "aws:dynamodb"
        body = result.get("body")
        if of_a_table and isinstance(body, dict) and body.get("batchItemFailures"):
            return {**result, "error": True, "body": {"errorType": "BatchItemFailures"}}
        return result

    return executed


def end_when_all_is_saved() -> None:
    """Let the process end with its last save, whoever still waits."""
    live = app._handle_lifespan

    async def lived(scope: Any, receive: Any, send: Any) -> None:
        await live(scope, receive, send)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    app._handle_lifespan = lived


if __name__ == "__main__":
    end_when_all_is_saved()
    fail_the_task_with_its_function()
    bring_failed_records_again()
    # For the functions: the layer is unpacked anew for each process, and what is compiled beside it is never read.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(app.main())
